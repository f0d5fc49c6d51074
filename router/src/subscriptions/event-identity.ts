import { type FieldNode, getNamedType, isListType, isNonNullType, isObjectType, Kind, parse } from 'graphql';
import type { FetchStep } from '../execution/compiled-plan.ts';
import { type Data, isObject } from '../execution/data.ts';
import type { Graph } from '../graph/graph.ts';

/** Names what an event is of, so that a newer event of the same replaces it; undefined where it does not say. */
export type EventIdentity = (data: Data) => string | undefined;

const known = new WeakMap<FetchStep, EventIdentity | null>();

/** Undefined where the stream never says of which entity its events are. */
export function eventIdentityOf(step: FetchStep, graph: Graph): EventIdentity | undefined {
  let identity = known.get(step);
  if (identity === undefined) {
    identity = readIdentity(step, graph) ?? null;
    known.set(step, identity);
  }
  return identity ?? undefined;
}

function readIdentity(step: FetchStep, { schema, keys }: Graph): EventIdentity | undefined {
  const [definition] = parse(step.query, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const [root, ...others] = definition.selectionSet.selections;
  if (root?.kind !== Kind.FIELD || others.length > 0) return undefined;
  const declared = schema.getSubscriptionType()?.getFields()[root.name.value]?.type;
  const type = declared && getNamedType(declared);
  const isList = declared && isListType(isNonNullType(declared) ? declared.ofType : declared);
  if (!isObjectType(type) || isList) return undefined;

  const names = namesOfLeaves(root);
  const key = keys.of(step.subgraph, type.name).find((fields) => fields.every((field) => names.has(field)));
  if (!key || key.length === 0) return undefined;
  const keyNames = key.map((field) => names.get(field) ?? field);
  const rootName = (root.alias ?? root.name).value;
  return (data) => {
    const entity = data[rootName];
    if (!isObject(entity)) return 'nothing';
    const values = keyNames.map((name) => entity[name]);
    return values.some((value) => value === undefined || value === null) ? undefined : JSON.stringify(values);
  };
}

/** Names in the answer, by field. */
function namesOfLeaves({ selectionSet }: FieldNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const selection of selectionSet?.selections ?? []) {
    if (selection.kind !== Kind.FIELD || selection.selectionSet) continue;
    names.set(selection.name.value, (selection.alias ?? selection.name).value);
  }
  return names;
}
