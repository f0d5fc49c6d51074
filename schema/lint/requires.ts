import { Kind, parse, type SelectionSetNode } from 'graphql';
import { argumentsOf, namedType, objectTypes, type Part, type Problem } from './part.ts';

/**
 * `@requires` never selects a field that takes arguments: the planner composes it without a word and gives wrong data.
 */
export function requires(parts: readonly Part[]): Problem[] {
  const fieldOf = (typeName: string, fieldName: string) =>
    parts
      .flatMap(objectTypes)
      .filter(({ name }) => name.value === typeName)
      .flatMap(({ fields = [] }) => fields.filter(({ name }) => name.value === fieldName));

  const takeArguments = (typeName: string, set: SelectionSetNode): string[] =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return takeArguments(selection.typeCondition?.name.value ?? typeName, selection.selectionSet);
      }
      const fields = fieldOf(typeName, selection.name.value);
      const here = fields.some((field) => field.arguments?.length) ? [`${typeName}.${selection.name.value}`] : [];
      const target = fields[0];
      const below =
        selection.selectionSet && target ? takeArguments(namedType(target.type), selection.selectionSet) : [];
      return [...here, ...below];
    });

  return parts.flatMap((part) =>
    objectTypes(part).flatMap((type) =>
      (type.fields ?? []).flatMap((field) =>
        argumentsOf(field, 'requires', 'fields').flatMap((fields) => {
          const [operation] = parse(`{ ${fields} }`).definitions;
          if (operation?.kind !== Kind.OPERATION_DEFINITION) return [];
          return takeArguments(type.name.value, operation.selectionSet).map(
            (place) => `${part.name}: ${type.name.value}.${field.name.value} requires ${place}, which takes arguments`,
          );
        }),
      ),
    ),
  );
}
