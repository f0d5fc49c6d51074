import { Kind, type TypeDefinitionNode } from 'graphql';
import type { Directed, TaggedGraph } from './tagged-graph.ts';

export interface Tags {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Coordinates of what is left out, such as `Order`, `Product.cost`, `Query.orders(email:)`. */
export type Hidden = Set<string>;

/** What the tags leave out, together with types that nothing is left of. What is inaccessible anyway counts as gone. */
export function hiddenByTags(graph: TaggedGraph, tags: Tags): Hidden {
  const hidden: Hidden = new Set();
  for (const type of graph.types.values()) hideByTags(type, graph, tags, hidden);
  for (let before = -1; before !== hidden.size; ) {
    before = hidden.size;
    for (const type of graph.types.values()) if (isEmptied(type, hidden)) hidden.add(type.name.value);
  }
  return hidden;
}

function hideByTags(type: TypeDefinitionNode, graph: TaggedGraph, { include, exclude }: Tags, hidden: Hidden): void {
  const carries = (tags: readonly string[], among: readonly string[]) => tags.some((tag) => among.includes(tag));
  const isOut = (node: Directed, tags: readonly string[]) => graph.isInaccessible(node) || carries(tags, exclude);
  const isOutUnlessNamed = (node: Directed, tags: readonly string[]) =>
    isOut(node, tags) || (include.length > 0 && !carries(tags, include));

  const name = type.name.value;
  const own = graph.tagsOf(type);
  if (type.kind === Kind.UNION_TYPE_DEFINITION ? isOutUnlessNamed(type, own) : isOut(type, own)) hidden.add(name);

  for (const child of childrenOf(type)) {
    const coordinate = `${name}.${child.name.value}`;
    // A tag of an object or interface is its fields' too; enums, inputs and arguments are left out by name only.
    const out =
      child.kind === Kind.FIELD_DEFINITION
        ? isOutUnlessNamed(child, [...own, ...graph.tagsOf(child)])
        : isOut(child, graph.tagsOf(child));
    if (out) hidden.add(coordinate);
    if (child.kind !== Kind.FIELD_DEFINITION) continue;
    for (const argument of child.arguments ?? []) {
      if (isOut(argument, graph.tagsOf(argument))) hidden.add(`${coordinate}(${argument.name.value}:)`);
    }
  }
}

function isEmptied(type: TypeDefinitionNode, hidden: Hidden): boolean {
  if (type.kind === Kind.SCALAR_TYPE_DEFINITION) return false;
  if (type.kind === Kind.UNION_TYPE_DEFINITION) return (type.types ?? []).every((each) => hidden.has(each.name.value));
  return childrenOf(type).every((child) => hidden.has(`${type.name.value}.${child.name.value}`));
}

/** Fields, input fields or values. */
export function childrenOf(type: TypeDefinitionNode) {
  if ('fields' in type) return type.fields ?? [];
  return 'values' in type ? (type.values ?? []) : [];
}
