import { type DirectiveNode, type DocumentNode, parse, print, visit } from 'graphql';
import { argumentOf, importsOf, linksOf } from './links.ts';

const features = ['authenticated', 'requiresScopes', 'policy'];

/**
 * The supergraph without `@authenticated`, `@requiresScopes` and `@policy`, under whatever names it imports them:
 * `@apollo/gateway` refuses to load them. The subgraphs enforce the first two, always; see `platform/auth`.
 */
export function stripAuth(supergraphSdl: string): string {
  const document = parse(supergraphSdl, { noLocation: true });
  const { directives, scalars } = authNames(document);
  const stripped = visit(document, {
    Directive: (node) => (featureOf(node) || directives.has(node.name.value) ? null : undefined),
    DirectiveDefinition: (node) => (directives.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (scalars.has(node.name.value) ? null : undefined),
  });
  return print(stripped);
}

/** What the features' directives and scalars are called here: plain, renamed by an import, or in a namespace. */
function authNames(document: DocumentNode): { directives: Set<string>; scalars: Set<string> } {
  const directives = new Set<string>();
  const scalars = new Set<string>();
  for (const link of linksOf(document)) {
    const feature = featureOf(link);
    if (!feature) continue;
    const namespace = String(argumentOf(link, 'as') ?? feature);
    directives.add(namespace);
    for (const { name, as } of importsOf(link)) {
      if (name.startsWith('@')) directives.add(as.slice(1));
      else scalars.add(as);
    }
    for (const scalar of ['Scope', 'Policy']) scalars.add(`${namespace}__${scalar}`);
  }
  return { directives, scalars };
}

/** `@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)` brings `requiresScopes`. */
function featureOf(node: DirectiveNode): string | undefined {
  if (node.name.value !== 'link') return undefined;
  const url = argumentOf(node, 'url');
  return typeof url === 'string' ? features.find((feature) => url.includes(`/${feature}/`)) : undefined;
}
