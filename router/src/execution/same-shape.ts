import {
  buildASTSchema,
  type FieldDefinitionNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  OverlappingFieldsCanBeMergedRule,
  parse,
  parseType,
  type SelectionNode,
  validate,
  visit,
} from 'graphql';
import { graphNamesOf } from '../graph/entity-keys.ts';
import type { PlannedGraph } from './compiled-plan.ts';

/**
 * Whether a subgraph takes these selections within one: where two types have a field of the same name, its values have to be of
 * the same form (https://spec.graphql.org/October2021/#SameResponseShape()).
 */
export function haveSameShape(
  selections: readonly SelectionNode[],
  fragments: readonly FragmentDefinitionNode[],
  subgraph: string,
  graph: PlannedGraph,
): boolean {
  const operation = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  } as const;
  const document = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] } as const;
  return validate(schemaOf(subgraph, graph), document, [OverlappingFieldsCanBeMergedRule]).length === 0;
}

const schemas = new WeakMap<PlannedGraph, Map<string, GraphQLSchema>>();

/** The supergraph's types, their fields as this subgraph has them. */
function schemaOf(subgraph: string, graph: PlannedGraph): GraphQLSchema {
  const known = schemas.get(graph) ?? new Map<string, GraphQLSchema>();
  schemas.set(graph, known);
  let schema = known.get(subgraph);
  if (!schema) {
    const supergraph = parse(graph.supergraphSdl, { noLocation: true });
    const names = graphNamesOf(supergraph);
    const own = visit(supergraph, {
      FieldDefinition(field) {
        const type = typeIn(field, (name) => names.get(name) === subgraph);
        return type === undefined ? undefined : { ...field, type: parseType(type, { noLocation: true }) };
      },
    });
    schema = buildASTSchema(own, { assumeValid: true, assumeValidSDL: true });
    known.set(subgraph, schema);
  }
  return schema;
}

/** The type that a subgraph gives a field, where the supergraph gives it another. */
function typeIn({ directives = [] }: FieldDefinitionNode, isOf: (graph: string) => boolean): string | undefined {
  for (const { name, arguments: given = [] } of directives) {
    if (name.value !== 'join__field') continue;
    const graph = given.find((argument) => argument.name.value === 'graph')?.value;
    const type = given.find((argument) => argument.name.value === 'type')?.value;
    if (graph?.kind === Kind.ENUM && isOf(graph.value) && type?.kind === Kind.STRING) return type.value;
  }
  return undefined;
}
