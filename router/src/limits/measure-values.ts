import { Kind, type TypeNode, type ValueNode } from 'graphql';

/** Measures the values that a document holds, without calling itself: they may be nested as far as the parser goes. */
export class LiteralMeasure {
  /** Lists and objects within each other. */
  depth = 0;
  /** Items of all lists. */
  items = 0;

  add(value: ValueNode): void {
    if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return;
    let level: ValueNode[] = [value];
    for (let depth = 1; level.length > 0; depth += 1) {
      this.depth = Math.max(this.depth, depth);
      level = level.flatMap((node) => this.#within(node));
    }
  }

  addType(type: TypeNode): void {
    let depth = 0;
    for (let inner = type; inner.kind !== Kind.NAMED_TYPE; inner = inner.type) {
      if (inner.kind === Kind.LIST_TYPE) depth += 1;
    }
    this.depth = Math.max(this.depth, depth);
  }

  #within(node: ValueNode): ValueNode[] {
    const values =
      node.kind === Kind.LIST ? node.values : node.kind === Kind.OBJECT ? node.fields.map(({ value }) => value) : [];
    if (node.kind === Kind.LIST) this.items += values.length;
    return values.filter(({ kind }) => kind === Kind.LIST || kind === Kind.OBJECT);
  }
}

/** Measures JSON, to where the limits are passed and no further; without calling itself, as JSON nests without end. */
export function measureJson(
  json: unknown,
  limits: { valueDepth: number; listItems: number },
): { depth: number; items: number } {
  let items = 0;
  let depth = 0;
  let level = isNested(json) ? [json] : [];
  while (level.length > 0 && depth <= limits.valueDepth && items <= limits.listItems) {
    depth += 1;
    const next: object[] = [];
    for (const value of level) {
      if (Array.isArray(value)) items += value.length;
      if (items > limits.listItems) break;
      for (const inner of Array.isArray(value) ? value : Object.values(value)) if (isNested(inner)) next.push(inner);
    }
    level = next;
  }
  return { depth, items };
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
