import { type DefinitionNode, isTypeDefinitionNode, Kind, type TypeDefinitionNode } from 'graphql';
import { has, keyFields, owners, type Part, type Problem } from './part.ts';

/** Everything that can be asked, given or answered says what it is. References to others' entities need not. */
export function descriptions(parts: readonly Part[]): Problem[] {
  const ownerOf = owners(parts);
  return parts.flatMap((part) =>
    part.document.definitions.filter(isType).flatMap((type): Problem[] => {
      const known = new Set<string>();
      const owner = ownerOf.get(type.name.value);
      const isReference =
        type.kind === Kind.OBJECT_TYPE_DEFINITION &&
        ((owner !== undefined && owner !== part.name) || (type.fields ?? []).every((field) => has(field, 'external')));
      if (isReference) for (const key of keyFields(type)) known.add(key);
      const missing = [
        ...(type.description || isReference ? [] : [type.name.value]),
        ...membersOf(type).flatMap((member) => {
          const place = `${type.name.value}.${member.name.value}`;
          if (known.has(member.name.value) || has(member, 'external')) return [];
          const bare = ('arguments' in member ? (member.arguments ?? []) : []).filter(
            ({ description }) => !description,
          );
          return [...(member.description ? [] : [place]), ...bare.map(({ name }) => `${place}(${name.value}:)`)];
        }),
      ];
      return missing.map((place) => `${part.name}: ${place} has no description`);
    }),
  );
}

const isType = (definition: DefinitionNode): definition is TypeDefinitionNode => isTypeDefinitionNode(definition);

function membersOf(type: TypeDefinitionNode) {
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return type.fields ?? [];
    case Kind.ENUM_TYPE_DEFINITION:
      return type.values ?? [];
    default:
      return [];
  }
}
