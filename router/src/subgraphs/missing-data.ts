import { Kind, type OperationDefinitionNode, parse, type SelectionNode } from 'graphql';

type Path = readonly (string | number)[];

/**
 * Which parts of a subgraph's answer are missing when there is none, as paths in it: the fields of a root call; the
 * fields of the first of a list of entities, for one error says enough. The gateway turns them into the client's paths.
 */
export function missingData(query: string, variables: Readonly<Record<string, unknown>> | undefined): Path[] {
  const operation = parse(query, { noLocation: true }).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const root = operation?.selectionSet.selections ?? [];
  const entities = root.find((selection) => selection.kind === Kind.FIELD && selection.name.value === '_entities');
  if (entities?.kind !== Kind.FIELD) return responseNames(root).map((name) => [name]);

  const fields = responseNames(fragmentFor(firstType(variables), entities.selectionSet?.selections ?? []));
  return fields.map((name) => ['_entities', 0, name]);
}

const responseNames = (selections: readonly SelectionNode[]): string[] =>
  selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.name.value !== '__typename'
      ? [selection.alias?.value ?? selection.name.value]
      : [],
  );

function fragmentFor(type: unknown, selections: readonly SelectionNode[]): readonly SelectionNode[] {
  const fragments = selections.filter((selection) => selection.kind === Kind.INLINE_FRAGMENT);
  const matching = fragments.find(({ typeCondition }) => typeCondition?.name.value === type) ?? fragments[0];
  return matching?.selectionSet.selections ?? [];
}

function firstType(variables: Readonly<Record<string, unknown>> | undefined): unknown {
  const representations = variables?.representations;
  const first: unknown = Array.isArray(representations) ? representations[0] : undefined;
  return typeof first === 'object' && first !== null && '__typename' in first ? first.__typename : undefined;
}
