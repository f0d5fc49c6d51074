import {
  type DefinitionNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { FetchStep, Step } from './compiled-plan.ts';
import { haveSameShape } from './same-shape.ts';

/**
 * Puts fetches of entities that run at the same time and ask one subgraph about different types into one call: a
 * product's availability and its variants', say. Whatever else runs beside them stays as it is.
 */
export function joinSteps(steps: readonly Step[]): Step[] {
  const bySubgraph = new Map<string, FetchStep[]>();
  for (const step of steps) {
    if (step.kind !== 'fetch' || !isJoinable(step)) continue;
    bySubgraph.set(step.subgraph, [...(bySubgraph.get(step.subgraph) ?? []), step]);
  }
  const joined = new Map<Step, Step>();
  for (const group of bySubgraph.values()) {
    const whole = group.length > 1 ? join(group) : undefined;
    const [first] = group;
    if (whole && first) joined.set(first, { kind: 'together', whole, steps: group });
    if (whole) for (const other of group.slice(1)) joined.set(other, other);
  }
  return steps.flatMap((step) => {
    const instead = joined.get(step);
    if (!instead) return [step];
    return instead === step ? [] : [instead];
  });
}

/**
 * What rewrites change in its answer, or others look for in it, is found by its own document's form. What asks about an
 * interface always has one, for its representations name the interface: so no object is of two of the types joined.
 */
const isJoinable = ({ requires, isMutation, inputRewrites, outputRewrites, sightings }: FetchStep): boolean =>
  requires !== undefined && !isMutation && !inputRewrites.length && !outputRewrites.length && !sightings.length;

interface Parts {
  readonly operation: OperationDefinitionNode;
  readonly entities: FieldNode;
  readonly fragments: readonly FragmentDefinitionNode[];
}

function partsOf(step: FetchStep): Parts | undefined {
  const { definitions } = parse(step.query, { noLocation: true });
  const operation = definitions.find((part) => part.kind === Kind.OPERATION_DEFINITION);
  const [entities, ...others] = operation?.selectionSet.selections ?? [];
  if (!operation || entities?.kind !== Kind.FIELD || others.length > 0 || entities.alias) return undefined;
  return { operation, entities, fragments: definitions.filter((part) => part.kind === Kind.FRAGMENT_DEFINITION) };
}

/** One step that asks what all of them ask; undefined where the subgraph would not take that in one call. */
function join(steps: readonly FetchStep[]): FetchStep | undefined {
  const [first] = steps;
  const parts = steps.map(partsOf);
  const selections: SelectionNode[] = [];
  const variables = new Map<string, VariableDefinitionNode>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  const types = new Set<string>();
  for (const part of parts) {
    if (!part) return undefined;
    for (const selection of part.entities.selectionSet?.selections ?? []) {
      const type = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;
      if (type === undefined || types.has(type)) return undefined;
      types.add(type);
      selections.push(selection);
    }
    for (const variable of part.operation.variableDefinitions ?? [])
      variables.set(variable.variable.name.value, variable);
    for (const fragment of part.fragments) {
      const same = fragments.get(fragment.name.value);
      if (same && print(same) !== print(fragment)) return undefined;
      fragments.set(fragment.name.value, fragment);
    }
  }
  const [model] = parts;
  if (!first || !model) return undefined;
  if (!haveSameShape(selections, [...fragments.values()], first.subgraph, first.graph)) return undefined;
  const operation: OperationDefinitionNode = {
    ...model.operation,
    variableDefinitions: [...variables.values()],
    selectionSet: {
      kind: Kind.SELECTION_SET,
      selections: [{ ...model.entities, selectionSet: { kind: Kind.SELECTION_SET, selections } }],
    },
  };
  const definitions: DefinitionNode[] = [operation, ...fragments.values()];
  const query = print({ kind: Kind.DOCUMENT, definitions });
  const name = first.operationName === undefined ? '' : `,"operationName":${JSON.stringify(first.operationName)}`;
  return {
    ...first,
    query,
    bodyHead: `{"query":${JSON.stringify(query)}${name},"variables":{`,
    variables: [...new Set(steps.flatMap((step) => step.variables))],
    asks: undefined,
    answers: undefined,
  };
}
