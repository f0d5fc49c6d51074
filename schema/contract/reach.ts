import { Kind, type TypeDefinitionNode, type TypeNode } from 'graphql';
import { childrenOf, type Hidden } from './hidden.ts';
import type { TaggedGraph } from './tagged-graph.ts';

/** Types that nothing visible leads to from the roots; those for which `keeps` holds are never among them. */
export function unreachable(
  graph: TaggedGraph,
  hidden: Hidden,
  keeps: (type: TypeDefinitionNode) => boolean,
): readonly string[] {
  const visible = [...graph.types.values()].filter(({ name }) => !hidden.has(name.value));
  const implementers = implementersIn(visible);
  /** By name, whether an answer may be of it: an interface that is only implemented brings no other implementers. */
  const reached = new Set<string>();
  const answered = new Set<string>();
  const open: Step[] = [...graph.roots.values(), ...visible.filter(keeps).map(({ name }) => name.value)].map(asAnswer);
  for (let step = open.pop(); step; step = open.pop()) {
    const type = graph.types.get(step.name);
    if (!type || hidden.has(step.name)) continue;
    if (!reached.has(step.name)) open.push(...neighboursOf(type, hidden));
    reached.add(step.name);
    // An interface that is only implemented brings no other implementers.
    if (!step.answers || answered.has(step.name)) continue;
    answered.add(step.name);
    open.push(...(implementers.get(step.name) ?? []).map(asAnswer));
  }
  return visible.map(({ name }) => name.value).filter((name) => !reached.has(name));
}

interface Step {
  readonly name: string;
  /** Whether something may answer with it. */
  readonly answers: boolean;
}

const asAnswer = (name: string): Step => ({ name, answers: true });

function neighboursOf(type: TypeDefinitionNode, hidden: Hidden): Step[] {
  const found: Step[] = [];
  if (type.kind === Kind.UNION_TYPE_DEFINITION)
    found.push(...(type.types ?? []).map(({ name }) => asAnswer(name.value)));
  if ('interfaces' in type) {
    found.push(...(type.interfaces ?? []).map(({ name }) => ({ name: name.value, answers: false })));
  }
  for (const child of childrenOf(type)) {
    const coordinate = `${type.name.value}.${child.name.value}`;
    if (hidden.has(coordinate) || !('type' in child)) continue;
    found.push(asAnswer(nameOf(child.type)));
    if (child.kind !== Kind.FIELD_DEFINITION) continue;
    for (const { name, type: input } of child.arguments ?? []) {
      if (!hidden.has(`${coordinate}(${name.value}:)`)) found.push(asAnswer(nameOf(input)));
    }
  }
  return found;
}

function implementersIn(types: readonly TypeDefinitionNode[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const type of types) {
    for (const { name } of 'interfaces' in type ? (type.interfaces ?? []) : []) {
      found.set(name.value, [...(found.get(name.value) ?? []), type.name.value]);
    }
  }
  return found;
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
