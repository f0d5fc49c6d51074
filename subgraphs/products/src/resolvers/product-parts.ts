import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { ProductPart } from '../domain/catalog/product-record.ts';

const partOfField: Readonly<Record<string, ProductPart>> = {
  featuredImage: 'media',
  media: 'media',
  priceRange: 'priceRanges',
  categories: 'categories',
  collections: 'collections',
  options: 'options',
  variants: 'variants',
};

/**
 * The parts of a product that a query selects at any of these paths below the field, so that they are read with the
 * product in one statement. A part that is missed here is still found, by a statement of its own.
 */
export function productParts(
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[] = [[]],
): ReadonlySet<ProductPart> {
  const start = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const names = paths.flatMap((path) => fieldsOf(descend(start, path, info), info).map(({ name }) => name.value));
  return new Set(names.flatMap((name) => partOfField[name] ?? []));
}

/** Whether the query selects a field right below the one that is being resolved. */
export const selects = (info: GraphQLResolveInfo, field: string): boolean =>
  fieldsOf(
    info.fieldNodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    info,
  ).some(({ name }) => name.value === field);

const descend = (sets: SelectionSetNode[], path: readonly string[], info: GraphQLResolveInfo): SelectionSetNode[] =>
  path.reduce(
    (current, step) =>
      fieldsOf(current, info)
        .filter(({ name }) => name.value === step)
        .flatMap(({ selectionSet }) => selectionSet ?? []),
    sets,
  );

/** The fields of these selections, those in fragments included. */
const fieldsOf = (sets: readonly SelectionSetNode[], info: GraphQLResolveInfo): FieldNode[] =>
  sets.flatMap(({ selections }) =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      const set =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection.selectionSet
          : info.fragments[selection.name.value]?.selectionSet;
      return set ? fieldsOf([set], info) : [];
    }),
  );
