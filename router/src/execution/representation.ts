import type { QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { TypeRelations } from '../graph/type-relations.ts';
import { type Data, isObject, mergeInto } from './data.ts';

/**
 * What identifies an entity to a subgraph, taken from what is known of it; undefined where something is missing, for
 * then an error was told already, or where the entity is of another type.
 */
export function representationOf(
  entity: Data,
  requires: readonly QueryPlanSelectionNode[],
  types: TypeRelations,
): Data | undefined {
  const representation = select(entity, requires, types);
  return representation && typeof representation.__typename === 'string' ? representation : undefined;
}

function select(source: Data, selections: readonly QueryPlanSelectionNode[], types: TypeRelations): Data | undefined {
  const selected: Data = {};
  for (const selection of selections) {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name;
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
