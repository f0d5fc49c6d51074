import {
  type ArgumentNode,
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  valueFromASTUntyped,
  visit,
} from 'graphql';

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
    const namespace = String(argument(link, 'as') ?? feature);
    directives.add(namespace);
    for (const { name, as } of importsOf(link)) {
      if (name.startsWith('@')) directives.add(as.slice(1));
      else scalars.add(as);
    }
    for (const scalar of ['Scope', 'Policy']) scalars.add(`${namespace}__${scalar}`);
  }
  return { directives, scalars };
}

const linksOf = (document: DocumentNode): ConstDirectiveNode[] =>
  document.definitions
    .flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
        ? (definition.directives ?? [])
        : [],
    )
    .filter(({ name }) => name.value === 'link');

/** `@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)` brings `requiresScopes`. */
function featureOf(node: DirectiveNode): string | undefined {
  if (node.name.value !== 'link') return undefined;
  const url = argument(node, 'url');
  return typeof url === 'string' ? features.find((feature) => url.includes(`/${feature}/`)) : undefined;
}

function importsOf(link: DirectiveNode): { name: string; as: string }[] {
  const imports = argument(link, 'import');
  if (!Array.isArray(imports)) return [];
  return imports.map((entry: string | { name: string; as?: string }) =>
    typeof entry === 'string' ? { name: entry, as: entry } : { name: entry.name, as: entry.as ?? entry.name },
  );
}

const argument = (node: DirectiveNode, name: string): unknown => {
  const found = node.arguments?.find((given: ArgumentNode) => given.name.value === name);
  return found ? valueFromASTUntyped(found.value) : undefined;
};
