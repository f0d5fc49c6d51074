import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';
import type { Data } from '../execution/data.ts';

const names = new Set(['skip', 'include']);

/** The variables that `@skip` and `@include` of an operation and of the fragments it uses ask for, in a fixed order. */
export function conditionVariables(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] {
  const found = new Set<string>();
  const used = new Set<string>();
  const look = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      Directive: ({ name, arguments: given = [] }) => {
        if (!names.has(name.value)) return;
        for (const { value } of given) if (value.kind === Kind.VARIABLE) found.add(value.name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = used.has(name.value) ? undefined : fragments.get(name.value);
        used.add(name.value);
        if (fragment) look(fragment);
      },
    });
  };
  look(operation);
  return [...found].sort();
}

/** Values of these variables: those given, else the defaults of the operation. */
export function conditionValues(
  variables: readonly string[],
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Data>,
): Data {
  const values: Data = {};
  for (const name of variables) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value !== undefined) {
      values[name] = value;
      continue;
    }
    const { defaultValue } = variableDefinitions.find(({ variable }) => variable.name.value === name) ?? {};
    values[name] = defaultValue?.kind === Kind.BOOLEAN && defaultValue.value;
  }
  return values;
}

/** Whether the directives of a selection let it be, given the values of variables. */
export const includedBy =
  (values: Readonly<Data>) =>
  ({ directives = [] }: SelectionNode): boolean =>
    directives.every((directive) => {
      if (directive.name.value === 'skip') return !ifOf(directive, values);
      if (directive.name.value === 'include') return ifOf(directive, values);
      return true;
    });

function ifOf({ arguments: given = [] }: DirectiveNode, values: Readonly<Data>): boolean {
  const value = given.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return values[value.name.value] === true;
  return value?.kind === Kind.BOOLEAN && value.value;
}
