/** What is wrong with one value, and what would be right. The path leads to it within the draft. */
export interface Problem {
  readonly path: readonly string[];
  /** Begins with a verb, to follow the name of the field: "must be …". */
  readonly message: string;
}

/** Places of entries that came before. */
export function duplicates(list: readonly string[]): number[] {
  const seen = new Set<string>();
  return list.flatMap((entry, index) => {
    if (seen.has(entry)) return [index];
    seen.add(entry);
    return [];
  });
}
