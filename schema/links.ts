import { type ConstDirectiveNode, type DirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';

/** The `@link`s of a schema's definition and extensions: which specifications it follows, and under what names. */
export const linksOf = (document: DocumentNode): ConstDirectiveNode[] =>
  document.definitions
    .flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
        ? (definition.directives ?? [])
        : [],
    )
    .filter(({ name }) => name.value === 'link');

/** What a link brings in by name; `as` is what it is called here. Directives begin with `@`. */
export function importsOf(link: DirectiveNode): { name: string; as: string }[] {
  const imports = argumentOf(link, 'import');
  if (!Array.isArray(imports)) return [];
  return imports.map((entry: string | { name: string; as?: string }) =>
    typeof entry === 'string' ? { name: entry, as: entry } : { name: entry.name, as: entry.as ?? entry.name },
  );
}

/** The value of a directive's argument, as plain data; undefined where it is not given. */
export const argumentOf = (node: DirectiveNode, name: string): unknown => {
  const found = node.arguments?.find((given) => given.name.value === name);
  return found ? valueFromASTUntyped(found.value) : undefined;
};
