import { amountOf, type Variables } from './amounts.ts';
import type { CostedField } from './cost-compiler.ts';

/**
 * Weighs the objects of an answer. Goes field by field over all objects that have it, so that what depends on the
 * document or the variables alone is looked at once, however long the lists are.
 */
export function actualCost(fields: readonly CostedField[], data: unknown, variables: Variables): number {
  return isObject(data) ? costOf(fields, [data], variables) : 0;
}

type Answer = Readonly<Record<string, unknown>>;

function costOf(fields: readonly CostedField[], parents: readonly Answer[], variables: Variables): number {
  let total = 0;
  for (const field of fields) {
    const free = field.weight === 0 && field.weightOfLeaf === 0 && field.children.length === 0;
    if (free && field.arguments === 0) continue;
    const objects: Answer[] = [];
    let present = 0;
    let leaves = 0;
    for (const parent of parents) {
      const value = parent[field.name];
      if (value === undefined) continue;
      present += 1;
      leaves += gather(value, objects);
    }
    if (present === 0) continue;
    const weight = amountOf(field.weight, variables);
    if (!Number.isFinite(weight)) continue;
    const ofArguments = present * amountOf(field.arguments, variables);
    total += Math.max(0, ofArguments + leaves * amountOf(field.weightOfLeaf, variables) + objects.length * weight);
    if (objects.length > 0 && field.children.length > 0) total += costOf(field.children, objects, variables);
  }
  return total;
}

/** @returns how many values are no objects; an empty list is none. */
function gather(value: unknown, objects: Answer[]): number {
  if (Array.isArray(value)) {
    let leaves = 0;
    for (const item of value) leaves += gather(item, objects);
    return leaves;
  }
  if (!isObject(value)) return 1;
  objects.push(value);
  return 0;
}

const isObject = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
