/** An object of an answer, as subgraphs give it: plain JSON. */
export type Data = Record<string, unknown>;

export type Path = readonly (string | number)[];

export const isObject = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects at a path of a plan, in the order of the data; what is null or missing is left out. */
export function objectsAt(data: Data, path: readonly string[]): Data[] {
  const found: Data[] = [];
  collect(data, path, 0, found);
  return found;
}

function collect(value: unknown, path: readonly string[], depth: number, found: Data[]): void {
  if (Array.isArray(value)) {
    // A list where the path goes on or ends: "@" stands for its entries.
    const next = path[depth] === '@' ? depth + 1 : depth;
    for (const entry of value) collect(entry, path, next, found);
    return;
  }
  if (!isObject(value)) return;
  const name = path[depth];
  if (name === undefined) found.push(value);
  else if (Object.hasOwn(value, name)) collect(value[name], path, depth + 1, found);
}

/** The paths of the same objects, in the same order: needed when one of them has an error, which is seldom. */
export function pathsOfObjectsAt(data: Data, path: readonly string[]): Path[] {
  const found: Path[] = [];
  collectPaths(data, path, 0, [], found);
  return found;
}

function collectPaths(
  value: unknown,
  path: readonly string[],
  depth: number,
  here: (string | number)[],
  found: Path[],
): void {
  if (Array.isArray(value)) {
    const next = path[depth] === '@' ? depth + 1 : depth;
    value.forEach((entry, index) => {
      collectPaths(entry, path, next, [...here, index], found);
    });
    return;
  }
  if (!isObject(value)) return;
  const name = path[depth];
  if (name === undefined) found.push(here);
  else if (Object.hasOwn(value, name)) collectPaths(value[name], path, depth + 1, [...here, name], found);
}

/** Adds what is new to what is there: objects field by field, lists of one length entry by entry. */
export function mergeInto(target: Data, source: Data): void {
  for (const name of Object.keys(source)) {
    const value = source[name];
    if (value === undefined) continue;
    const before = Object.hasOwn(target, name) ? target[name] : undefined;
    target[name] = typeof before === 'object' && before !== null ? merged(before, value) : value;
  }
}

function merged(before: object, value: unknown): unknown {
  if (Array.isArray(value)) {
    if (!Array.isArray(before) || before.length !== value.length) return value;
    for (let index = 0; index < value.length; index += 1) {
      const old: unknown = before[index];
      before[index] = typeof old === 'object' && old !== null ? merged(old, value[index]) : value[index];
    }
    return before;
  }
  if (!isObject(value) || !isObject(before)) return value;
  mergeInto(before, value);
  return before;
}

/** A copy that shares nothing with the original. */
export function copyOf<T>(value: T): T;
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  const copy: Data = {};
  for (const name of Object.keys(value)) copy[name] = copyOf((value as Data)[name]);
  return copy;
}
