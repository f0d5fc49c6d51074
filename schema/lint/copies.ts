import { isTypeDefinitionNode, Kind, print, type TypeDefinitionNode } from 'graphql';
import { has, type Part, type Problem, roots } from './part.ts';

/**
 * Types that several subgraphs define for themselves (Money, PageInfo, errors) are the same in each, letter by letter:
 * composition lets differences pass with a hint, or drops what only some have.
 */
export function copies(parts: readonly Part[]): Problem[] {
  const byName = new Map<string, { part: string; text: string }[]>();
  for (const { name: part, document } of parts) {
    for (const definition of document.definitions) {
      if (!isTypeDefinitionNode(definition) || isOfManyParts(definition)) continue;
      const name = definition.name.value;
      byName.set(name, [...(byName.get(name) ?? []), { part, text: textOf(definition) }]);
    }
  }
  return [...byName].flatMap(([name, found]) =>
    new Set(found.map(({ text }) => text)).size > 1
      ? [`${name} differs between ${found.map(({ part }) => part).join(', ')}`]
      : [],
  );
}

/** An interface that only one subgraph knows (Media) is that one's own affair. */
const textOf = (type: TypeDefinitionNode): string => print('interfaces' in type ? { ...type, interfaces: [] } : type);

/** Roots and entities are one type of many parts; each part differs. */
const isOfManyParts = (type: TypeDefinitionNode): boolean =>
  roots.includes(type.name.value) ||
  has(type, 'key') ||
  (type.kind === Kind.OBJECT_TYPE_DEFINITION && (type.fields ?? []).some((field) => has(field, 'external')));
