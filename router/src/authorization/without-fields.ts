import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/**
 * The document without some of its fields, still valid: fragments, variables and other operations that it does not use
 * are gone, too. A field of which everything is gone is asked for its type, so that whether it is there is known.
 *
 * @returns undefined where nothing is left
 */
export function withoutFields({ definitions }: DocumentNode, fields: ReadonlySet<FieldNode>): DocumentNode | undefined {
  const fragments = new Map(
    definitions.flatMap((part) => (part.kind === Kind.FRAGMENT_DEFINITION ? [[part.name.value, part]] : [])),
  );
  const removal = new Removal(fragments, fields);
  const operation = definitions.find((part) => part.kind === Kind.OPERATION_DEFINITION);
  const selectionSet = operation && removal.set(operation.selectionSet);
  if (!selectionSet) return undefined;
  const used = [...removal.fragments.values()].filter((fragment) => fragment !== undefined);
  const left: DocumentNode = { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet }, ...used] };
  return withUsedVariables(left);
}

class Removal {
  /** What is left of the fragments that are used; undefined where nothing is. */
  readonly fragments = new Map<string, FragmentDefinitionNode | undefined>();
  readonly #given: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #fields: ReadonlySet<FieldNode>;

  constructor(given: ReadonlyMap<string, FragmentDefinitionNode>, fields: ReadonlySet<FieldNode>) {
    this.#given = given;
    this.#fields = fields;
  }

  set(set: SelectionSetNode): SelectionSetNode | undefined {
    const selections = set.selections.flatMap((selection) => this.#selection(selection) ?? []);
    return selections.length > 0 ? { ...set, selections } : undefined;
  }

  #selection(selection: SelectionNode): SelectionNode | undefined {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(selection.name.value) ? selection : undefined;
    if (selection.kind === Kind.FIELD) {
      if (this.#fields.has(selection)) return undefined;
      if (!selection.selectionSet) return selection;
      return { ...selection, selectionSet: this.set(selection.selectionSet) ?? onlyTypename };
    }
    const selectionSet = this.set(selection.selectionSet);
    return selectionSet && { ...selection, selectionSet };
  }

  #fragment(name: string): FragmentDefinitionNode | undefined {
    if (this.fragments.has(name)) return this.fragments.get(name);
    const given = this.#given.get(name);
    const selectionSet = given && this.set(given.selectionSet);
    const left = selectionSet && { ...given, selectionSet };
    this.fragments.set(name, left);
    return left;
  }
}

const onlyTypename: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
};

function withUsedVariables(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      used.add(name.value);
    },
  });
  return visit(document, {
    OperationDefinition: (operation): OperationDefinitionNode => ({
      ...operation,
      variableDefinitions: operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)),
    }),
  });
}
