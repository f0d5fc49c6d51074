import { type GraphQLResolveInfo, Kind } from 'graphql';
import type { AssetUrls } from '../assets/urls.ts';
import { isWhere } from '../query/filter.ts';
import type { ListArguments, Reader } from '../query/reader.ts';
import type { ComponentValue, Entry, Locale, Stage } from '../store/documents.ts';

/** What a request brings to the resolvers. */
export interface RequestContext {
  reader: Reader;
  assets: AssetUrls;
  /** From the header `gcms-stage`, else the token. */
  stage: Stage;
  /** From the header `gcms-locales`, else the project's default. */
  locales: readonly Locale[];
}

export interface ComponentSource {
  component: ComponentValue;
  entry: Entry;
}

export type Arguments = Readonly<Record<string, unknown>>;

/** Whether the query itself gives the argument, rather than the schema's default. */
function isGiven(info: GraphQLResolveInfo, name: string): boolean {
  const argument = info.fieldNodes[0]?.arguments?.find((node) => node.name.value === name);
  if (!argument) return false;
  return argument.value.kind !== Kind.VARIABLE || argument.value.name.value in info.variableValues;
}

const isStage = (value: unknown): value is Stage => value === 'DRAFT' || value === 'PUBLISHED';

export const stringsFrom = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;

/** Argument, then header, then token; this order is inferred. */
export const stageFor = ({ stage }: Arguments, context: RequestContext, info: GraphQLResolveInfo): Stage =>
  isGiven(info, 'stage') && isStage(stage) ? stage : context.stage;

/** Argument, then header, then the project's default; this order is inferred. */
export const localesFor = (
  { locales }: Arguments,
  context: RequestContext,
  info: GraphQLResolveInfo,
): readonly Locale[] => (isGiven(info, 'locales') ? stringsFrom(locales) : undefined) ?? context.locales;

/** Locales of a subtree: the parent's own, or those given for it, or those the parent was read with. */
export const localesBelow = (entry: Entry, { locales, forceParentLocale }: Arguments): readonly Locale[] =>
  forceParentLocale === true ? [entry.locale] : (stringsFrom(locales) ?? entry.locales);

const numberFrom = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const stringFrom = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const listArguments = (args: Arguments): ListArguments => ({
  where: isWhere(args.where) ? args.where : null,
  orderBy: stringFrom(args.orderBy),
  first: numberFrom(args.first),
  last: numberFrom(args.last),
  skip: numberFrom(args.skip),
  after: stringFrom(args.after),
  before: stringFrom(args.before),
});
