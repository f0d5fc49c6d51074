import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { EntityKey } from '../graph/entity-keys.ts';

/** What a step of a plan asks a subgraph of entities of one type. Two steps that ask the same share it. */
export interface Ask {
  readonly subgraph: string;
  readonly type: string;
  readonly keys: readonly EntityKey[];
  /** Names in the answer, by what stands in the document for each. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Entities that show somewhere in the answer of a step, with fields that another step asks for. */
export interface Sighting {
  /** Where in that answer. */
  readonly path: readonly string[];
  /** Names in the answer, by what stands in the document for each: only fields without fields of their own. */
  readonly fields: ReadonlyMap<string, string>;
  /** Names in the answer under which there is something else than the field of that name: they tell no key. */
  readonly renamed: ReadonlySet<string>;
}

/** A fetch's document, read for what it asks of entities and what it shows of others. */
export class AskedDocument {
  readonly #root: SelectionSetNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(query: string) {
    const { definitions } = parse(query, { noLocation: true });
    const operation = definitions.find(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    );
    this.#root = operation?.selectionSet ?? { kind: Kind.SELECTION_SET, selections: [] };
    this.#fragments = new Map(
      definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  /** By type; undefined where a type's fields are not all written under it alone. */
  asks(): ReadonlyMap<string, ReadonlyMap<string, string>> | undefined {
    const [entities] = this.#root.selections;
    if (entities?.kind !== Kind.FIELD) return undefined;
    const byType = new Map<string, Map<string, string>>();
    for (const selection of entities.selectionSet?.selections ?? []) {
      if (selection.kind === Kind.FIELD && selection.name.value === '__typename') continue;
      const type = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;
      if (type === undefined || selection.kind !== Kind.INLINE_FRAGMENT || byType.has(type)) return undefined;
      const fields = this.#fieldsOf(selection.selectionSet, type);
      if (!fields) return undefined;
      byType.set(type, new Map(fields.map((field) => [this.#textOf(field), responseName(field)])));
    }
    return byType;
  }

  /** Wherever an object says what type it is. */
  sightings(): Sighting[] {
    const found: Sighting[] = [];
    const look = (set: SelectionSetNode, path: readonly string[]): void => {
      const fields = set.selections.filter((selection) => selection.kind === Kind.FIELD);
      if (fields.some((field) => field.name.value === '__typename' && !field.alias)) {
        const leaves = fields.filter(({ selectionSet, name }) => !selectionSet && name.value !== '__typename');
        found.push({
          path,
          fields: new Map(leaves.map((field) => [this.#textOf(field), responseName(field)])),
          renamed: this.#renamedIn(set),
        });
      }
      for (const field of fields) if (field.selectionSet) look(field.selectionSet, [...path, responseName(field)]);
    };
    look(this.#root, []);
    return found;
  }

  #renamedIn(set: SelectionSetNode, found = new Set<string>()): Set<string> {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const { selectionSet, name } = selection;
        const isItself = responseName(selection) === name.value && !selection.arguments?.length;
        if (!isItself || (selectionSet && this.#renamedIn(selectionSet).size > 0)) found.add(responseName(selection));
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      if (fragment) this.#renamedIn(fragment.selectionSet, found);
    }
    return found;
  }

  #fieldsOf(set: SelectionSetNode, type: string): FieldNode[] | undefined {
    const fields: FieldNode[] = [];
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        fields.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
      if (!fragment || fragment.typeCondition?.name.value !== type || selection.directives?.length) return undefined;
      const spread = this.#fieldsOf(fragment.selectionSet, type);
      if (!spread) return undefined;
      fields.push(...spread);
    }
    return fields;
  }

  /** The field with the fragments that it uses, so that two texts are the same when they ask the same. */
  #textOf(field: FieldNode): string {
    const used = new Set<string>();
    const note = (node: FieldNode | FragmentDefinitionNode): void => {
      visit(node, {
        FragmentSpread: ({ name }) => {
          if (used.has(name.value)) return;
          used.add(name.value);
          const fragment = this.#fragments.get(name.value);
          if (fragment) note(fragment);
        },
      });
    };
    note(field);
    return [field, ...[...used].flatMap((name) => this.#fragments.get(name) ?? [])].map(print).join('\n');
  }
}

const responseName = ({ alias, name }: FieldNode): string => (alias ?? name).value;
