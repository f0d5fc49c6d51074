import { type DirectiveNode, parse, print, visit } from 'graphql';
import { linkedFeatures, urlOf } from './features.ts';

/** What rules of authorization are written with; each is a specification with one directive. */
export const authorizationFeatures = ['authenticated', 'requiresScopes', 'policy'] as const;

/**
 * The supergraph without `@authenticated`, `@requiresScopes` and `@policy`, under whatever names it imports them:
 * Apollo's planner refuses to load them. The router enforces them before it plans, and the subgraphs always; see
 * `platform/auth`.
 */
export function stripAuth(supergraphSdl: string): string {
  const document = parse(supergraphSdl, { noLocation: true });
  const features = linkedFeatures(document, authorizationFeatures);
  const directives = new Set(features.flatMap((feature) => feature.directives));
  const scalars = new Set(
    features.flatMap(({ namespace, types }) => [...types, `${namespace}__Scope`, `${namespace}__Policy`]),
  );
  const isLink = (node: DirectiveNode) => node.name.value === 'link' && features.some(({ url }) => url === urlOf(node));
  const stripped = visit(document, {
    Directive: (node) => (isLink(node) || directives.has(node.name.value) ? null : undefined),
    DirectiveDefinition: (node) => (directives.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (scalars.has(node.name.value) ? null : undefined),
  });
  return print(stripped);
}
