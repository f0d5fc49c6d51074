import type { QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { TypeRelations } from '../graph/type-relations.ts';
import { type Data, isObject, mergeInto } from './data.ts';

/**
 * What identifies an entity to a subgraph, and what its fields require of others: a selection of what is known of the
 * entity. Nearly always a few scalars, which are picked without walking the selection each time.
 */
export class Requirements {
  readonly #selections: readonly QueryPlanSelectionNode[];
  readonly #flat: boolean;
  readonly #fieldsByType = new Map<string, readonly string[]>();

  constructor(selections: readonly QueryPlanSelectionNode[]) {
    this.#selections = selections;
    this.#flat = selections.every(isFlat);
  }

  /** Undefined where something is missing, for then an error was told already, or where the entity is of another type. */
  pick(entity: Data, types: TypeRelations): Data | undefined {
    const type = entity.__typename;
    if (typeof type !== 'string') return undefined;
    if (this.#flat) return pickFields(entity, this.#fieldsOf(type, types));
    const picked = select(entity, this.#selections, types);
    return picked && typeof picked.__typename === 'string' ? picked : undefined;
  }

  /**
   * The value that alone tells this entity from others of its type: of nearly all it is one string or number. Undefined
   * where more than one field tells, or the one is missing.
   */
  keyOf(entity: Data, types: TypeRelations): string | number | undefined {
    const type = entity.__typename;
    if (!this.#flat || typeof type !== 'string') return undefined;
    const fields = this.#fieldsOf(type, types);
    if (fields.length !== 2) return undefined;
    const [first, second] = fields;
    const name = first === '__typename' ? second : second === '__typename' ? first : undefined;
    const value = name !== undefined && Object.hasOwn(entity, name) ? entity[name] : undefined;
    return typeof value === 'string' || typeof value === 'number' ? value : undefined;
  }

  #fieldsOf(type: string, types: TypeRelations): readonly string[] {
    let fields = this.#fieldsByType.get(type);
    if (!fields) {
      const names = this.#selections.flatMap((selection) => {
        if (selection.kind === 'Field') return [nameOf(selection)];
        if (selection.typeCondition === undefined || !types.is(type, selection.typeCondition)) return [];
        return selection.selections.flatMap((field) => (field.kind === 'Field' ? [nameOf(field)] : []));
      });
      fields = [...new Set(names)];
      this.#fieldsByType.set(type, fields);
    }
    return fields;
  }
}

const nameOf = ({ alias, name }: QueryPlanFieldNode): string => alias ?? name;

const isFlat = (selection: QueryPlanSelectionNode): boolean =>
  selection.kind === 'Field'
    ? !selection.selections
    : selection.selections.every((field) => field.kind === 'Field' && !field.selections);

function pickFields(entity: Data, fields: readonly string[]): Data | undefined {
  const picked: Data = {};
  for (const name of fields) {
    const value = entity[name];
    if (value === undefined || !Object.hasOwn(entity, name)) return undefined;
    picked[name] = value;
  }
  return picked.__typename === undefined ? undefined : picked;
}

function select(source: Data, selections: readonly QueryPlanSelectionNode[], types: TypeRelations): Data | undefined {
  const selected: Data = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = nameOf(selection);
      const value = Object.hasOwn(source, name) ? source[name] : undefined;
      if (value === undefined) return undefined;
      selected[name] = selectValue(value, selection, types);
      if (selected[name] === undefined) return undefined;
    } else if (isOfType(source, selection.typeCondition, types)) {
      const part = select(source, selection.selections, types);
      if (part) mergeInto(selected, part);
    }
  }
  return selected;
}

function selectValue(value: unknown, field: QueryPlanFieldNode, types: TypeRelations): unknown {
  if (!field.selections) return value;
  if (Array.isArray(value)) return value.map((entry) => selectValue(entry, field, types) ?? null);
  return isObject(value) ? select(value, field.selections, types) : value;
}

const isOfType = (source: Data, condition: string | undefined, types: TypeRelations): boolean =>
  condition !== undefined && typeof source.__typename === 'string' && types.is(source.__typename, condition);
