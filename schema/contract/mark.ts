import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type SchemaDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { importsOf } from '../links.ts';
import type { Hidden } from './hidden.ts';
import type { Directed, TaggedGraph } from './tagged-graph.ts';

/** The supergraph with `@inaccessible` on all that is hidden. */
export function mark(graph: TaggedGraph, hidden: Hidden): DocumentNode {
  const vocabulary = vocabularyOf(graph.document);
  return {
    ...graph.document,
    definitions: graph.document.definitions.map((definition) => {
      if (definition.kind === Kind.SCHEMA_DEFINITION) return withVocabulary(definition, vocabulary, hidden);
      if (!('name' in definition) || !definition.name) return definition;
      const type = graph.types.get(definition.name.value);
      return type && !vocabulary.has(type.name.value) ? marked(type, graph, hidden) : definition;
    }),
  };
}

function marked(type: TypeDefinitionNode, graph: TaggedGraph, hidden: Hidden): TypeDefinitionNode {
  const at = <Node extends Directed>(coordinate: string, node: Node): Node =>
    hidden.has(coordinate) ? inaccessible(node, graph) : node;
  const name = type.name.value;
  if (hidden.has(name)) return inaccessible(type, graph);
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const fields = type.fields?.map((field) => {
        const coordinate = `${name}.${field.name.value}`;
        const given = field.arguments?.map((each) => at(`${coordinate}(${each.name.value}:)`, each));
        return at(coordinate, { ...field, ...(given ? { arguments: given } : {}) });
      });
      return { ...type, ...(fields ? { fields } : {}) };
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return {
        ...type,
        ...(type.fields && { fields: type.fields.map((each) => at(`${name}.${each.name.value}`, each)) }),
      };
    case Kind.ENUM_TYPE_DEFINITION:
      return {
        ...type,
        ...(type.values && { values: type.values.map((each) => at(`${name}.${each.name.value}`, each)) }),
      };
    default:
      return type;
  }
}

const inaccessible = <Node extends Directed>(node: Node, graph: TaggedGraph): Node =>
  graph.isInaccessible(node)
    ? node
    : { ...node, directives: [...(node.directives ?? []), directive(graph.inaccessible)] };

const directive = (name: string): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: name },
});

/** Types that directives' arguments are of, such as `CacheControlScope`, by name with their directives. */
function vocabularyOf(document: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.DIRECTIVE_DEFINITION) continue;
    for (const argument of definition.arguments ?? []) {
      const name = nameOf(argument.type);
      found.set(name, [...(found.get(name) ?? []), `@${definition.name.value}`]);
    }
  }
  return found;
}

/**
 * A type of a directive's argument may not be inaccessible. Where only the directive needs it, it is made a part of the
 * directive's specification, which API schemas leave out.
 */
function withVocabulary(
  schema: SchemaDefinitionNode,
  vocabulary: ReadonlyMap<string, readonly string[]>,
  hidden: Hidden,
): SchemaDefinitionNode {
  const directives = schema.directives?.map((link) => {
    const imports = importsOf(link);
    const needed = [...vocabulary].filter(
      ([type, users]) => hidden.has(type) && imports.some(({ as }) => users.includes(as)),
    );
    return needed.length === 0
      ? link
      : withImports(
          link,
          needed.map(([type]) => type),
        );
  });
  return { ...schema, ...(directives ? { directives } : {}) };
}

const withImports = (link: ConstDirectiveNode, types: readonly string[]): ConstDirectiveNode => ({
  ...link,
  ...(link.arguments && {
    arguments: link.arguments.map((argument) =>
      argument.name.value === 'import' && argument.value.kind === Kind.LIST
        ? {
            ...argument,
            value: {
              ...argument.value,
              values: [...argument.value.values, ...types.map((value) => ({ kind: Kind.STRING, value }) as const)],
            },
          }
        : argument,
    ),
  }),
});

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
