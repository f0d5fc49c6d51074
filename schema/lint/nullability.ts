import { Kind, type TypeNode } from 'graphql';
import { has, keyFields, namedType, objectTypes, owners, type Part, type Problem, roots } from './part.ts';

/**
 * Faults stay where they are because what crosses subgraphs may be null: root fields, fields that one subgraph adds to
 * another's entity, and fields (or items of lists) that are another's entity.
 */
export function nullability(parts: readonly Part[]): Problem[] {
  const ownerOf = owners(parts);
  const foreign = (type: string, part: Part) => {
    const owner = ownerOf.get(type);
    return owner !== undefined && owner !== part.name;
  };
  return parts.flatMap((part) =>
    objectTypes(part).flatMap((type) => {
      const keys = keyFields(type);
      return (type.fields ?? []).flatMap((field): Problem[] => {
        const place = `${part.name}: ${type.name.value}.${field.name.value}`;
        const isRequired = field.type.kind === Kind.NON_NULL_TYPE;
        if (roots.includes(type.name.value) && isRequired) return [`${place} is a root field and may not be non-null`];
        const isAdded = foreign(type.name.value, part) && !keys.has(field.name.value) && !has(field, 'external');
        if (isAdded && isRequired) return [`${place} is added to another subgraph's entity and may not be non-null`];
        if (foreign(namedType(field.type), part) && innermostIsRequired(field.type)) {
          return [`${place} is another subgraph's entity and may not be non-null`];
        }
        return [];
      });
    }),
  );
}

/** Whether the entity itself is promised: `Product!` and `[Product!]`, but not `[Product]!`. */
function innermostIsRequired(type: TypeNode): boolean {
  if (type.kind === Kind.LIST_TYPE) return innermostIsRequired(type.type);
  if (type.kind === Kind.NAMED_TYPE) return false;
  return type.type.kind === Kind.NAMED_TYPE || innermostIsRequired(type.type);
}
