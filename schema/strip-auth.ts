import { type DefinitionNode, type DirectiveNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';

const features = ['authenticated', 'requiresScopes', 'policy'];

/**
 * The supergraph without `@authenticated`, `@requiresScopes` and `@policy`, which `@apollo/gateway` refuses to load.
 * The subgraphs enforce them, always; see `platform/auth`.
 */
export function stripAuth(supergraphSdl: string): string {
  const document = visit(parse(supergraphSdl, { noLocation: true }), {
    Directive: (node) => (isAuthLink(node) || features.includes(node.name.value) ? null : undefined),
    DirectiveDefinition: (node) => (features.includes(node.name.value) ? null : undefined),
  });
  return print(withoutUnusedScalars(document));
}

/** `@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)` and its like. */
const isAuthLink = (node: DirectiveNode): boolean => {
  if (node.name.value !== 'link') return false;
  const url = node.arguments?.find(({ name }) => name.value === 'url')?.value;
  return url?.kind === Kind.STRING && features.some((feature) => url.value.includes(`/${feature}/`));
};

const authScalars = new Set(['requiresScopes__Scope', 'policy__Policy', 'federation__Scope', 'federation__Policy']);

const withoutUnusedScalars = (document: DocumentNode): DocumentNode => ({
  ...document,
  definitions: document.definitions.filter(
    (definition: DefinitionNode) =>
      definition.kind !== Kind.SCALAR_TYPE_DEFINITION || !authScalars.has(definition.name.value),
  ),
});
