/** What stands at a path of a JSON value, as text. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): string | null {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return null;
    found = Object.entries(found).find(([name]) => name === String(step))?.[1];
  }
  if (found === undefined) return null;
  return typeof found === 'string' ? found : JSON.stringify(found);
}
