import { isTypeDefinitionNode, Kind } from 'graphql';
import { has, namedType, objectTypes, type Part, type Problem } from './part.ts';

/**
 * A mutation takes one `input` and returns a payload whose `userErrors` are all of UserError. Those that are for
 * services alone answer in their own terms.
 */
export function mutations(parts: readonly Part[]): Problem[] {
  return parts.flatMap((part) => {
    const typeNamed = (name: string) =>
      part.document.definitions.filter(isTypeDefinitionNode).find((type) => type.name.value === name);
    const isUserError = (name: string) => {
      const type = typeNamed(name);
      return (
        type?.kind === Kind.OBJECT_TYPE_DEFINITION &&
        (type.interfaces ?? []).some((implemented) => implemented.name.value === 'UserError')
      );
    };
    const fields = objectTypes(part).find(({ name }) => name.value === 'Mutation')?.fields ?? [];
    return fields
      .filter((field) => !has(field, 'inaccessible'))
      .flatMap((field): Problem[] => {
        const place = `${part.name}: ${field.name.value}`;
        const names = (field.arguments ?? []).map(({ name }) => name.value);
        const payload = typeNamed(namedType(field.type));
        const errors =
          payload?.kind === Kind.OBJECT_TYPE_DEFINITION
            ? payload.fields?.find(({ name }) => name.value === 'userErrors')
            : undefined;
        const union = errors && typeNamed(namedType(errors.type));
        const members = union?.kind === Kind.UNION_TYPE_DEFINITION ? (union.types ?? []) : [];
        return [
          ...(names.length === 1 && names[0] === 'input' ? [] : [`${place} does not take one input`]),
          ...(members.length > 0 ? [] : [`${place} has no userErrors union`]),
          ...members
            .filter(({ name }) => !isUserError(name.value))
            .map(({ name }) => `${place} answers ${name.value}, which is no UserError`),
        ];
      });
  });
}
