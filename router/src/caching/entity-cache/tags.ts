import type { EntityChange } from '@mercato/outbox';

/** One entity, as a subgraph knows it. */
export const entityTag = (subgraph: string, type: string, key: string): string => `${subgraph}/${type}:${key}`;

/** A change that is told of all of a type, which is a change of each of its entities. */
export const wholeTypeTag = (subgraph: string, type: string): string => `${subgraph}/${type}`;

/** Any change of any entity of a type: what lists and searches hang on. */
export const anyOfTypeTag = (subgraph: string, type: string): string => `${subgraph}/${type}*`;

/** All that does not hold any more. */
export function tagsOf(subgraph: string, changes: readonly EntityChange[]): Set<string> {
  const tags = new Set<string>();
  for (const { type, keys } of changes) {
    tags.add(anyOfTypeTag(subgraph, type));
    if (!keys) tags.add(wholeTypeTag(subgraph, type));
    for (const key of keys ?? []) tags.add(entityTag(subgraph, type, key));
  }
  return tags;
}
