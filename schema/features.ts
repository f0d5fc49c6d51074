import type { DirectiveNode, DocumentNode } from 'graphql';
import { argumentOf, importsOf, linksOf } from './links.ts';

/** A specification of Apollo's that a schema follows, under the names it has there. */
export interface LinkedFeature<Name extends string> {
  /** As in its address: `https://specs.apollo.dev/requiresScopes/v0.1` is `requiresScopes`. */
  readonly feature: Name;
  /** The address itself. */
  readonly url: string;
  /** Without `@`. */
  readonly directives: readonly string[];
  /** What the names of its types and of directives that are not imported begin with, before two underscores. */
  readonly namespace: string;
  /** Types that are imported by name. */
  readonly types: readonly string[];
}

/** Which of the features a schema links. */
export function linkedFeatures<Name extends string>(
  document: DocumentNode,
  features: readonly Name[],
): LinkedFeature<Name>[] {
  return linksOf(document).flatMap((link) => {
    const url = urlOf(link);
    const feature = features.find((name) => url.startsWith(`https://specs.apollo.dev/${name}/`));
    if (feature === undefined) return [];
    const namespace = String(argumentOf(link, 'as') ?? feature);
    const imports = importsOf(link);
    const directives = imports.filter(({ name }) => name.startsWith('@')).map(({ as }) => as.slice(1));
    return [
      {
        feature,
        url,
        directives: [...new Set([namespace, ...directives])],
        namespace,
        types: imports.filter(({ name }) => !name.startsWith('@')).map(({ as }) => as),
      },
    ];
  });
}

/** The address of a `@link`; empty where it has none. */
export const urlOf = (link: DirectiveNode): string => String(argumentOf(link, 'url') ?? '');
