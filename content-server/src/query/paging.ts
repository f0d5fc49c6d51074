import { badInput } from '../errors.ts';

export interface PageArguments {
  first?: number | null;
  last?: number | null;
  skip?: number | null;
  after?: string | null;
  before?: string | null;
}

export interface Page<T> {
  items: readonly T[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** How many match in all, on whatever page. */
  count: number;
}

const defaultSize = 10;
const greatestSize = 100;

/**
 * Cuts a page. Without `first` and `last` it has ten items; more than a hundred are never given, and asking for more
 * is no error (inferred). A cursor that is not among the items gives an empty page (inferred).
 * @throws ContentApiError for pairs the dialect does not allow and for negative numbers.
 */
export function pageOf<T>(items: readonly T[], given: PageArguments, cursorOf: (item: T) => string): Page<T> {
  refuseContradictions(given);
  const { from, to } = betweenCursors(items.map(cursorOf), given);
  const skip = given.skip ?? 0;
  const backwards =
    typeof given.last === 'number' || (typeof given.before === 'string' && typeof given.first !== 'number');
  const size = Math.min((backwards ? given.last : given.first) ?? defaultSize, greatestSize);
  const end = backwards ? Math.max(to - skip, from) : Math.min(from + skip + size, to);
  const start = backwards ? Math.max(end - size, from) : Math.min(from + skip, end);
  return {
    items: items.slice(start, end),
    hasNextPage: end < items.length,
    hasPreviousPage: start > 0,
    count: items.length,
  };
}

/** Bounds that `after` and `before` set. An unknown cursor leaves nothing between them. */
function betweenCursors(cursors: readonly string[], { after, before }: PageArguments): { from: number; to: number } {
  const afterIndex = typeof after === 'string' ? cursors.indexOf(after) : -1;
  const beforeIndex = typeof before === 'string' ? cursors.indexOf(before) : cursors.length;
  const unknown = (typeof after === 'string' && afterIndex < 0) || beforeIndex < 0;
  if (unknown) return { from: cursors.length, to: cursors.length };
  return { from: afterIndex + 1, to: Math.max(beforeIndex, afterIndex + 1) };
}

function refuseContradictions(given: PageArguments): void {
  const has = (name: keyof PageArguments): boolean => given[name] !== undefined && given[name] !== null;
  if (has('first') && has('before')) throw badInput("arguments 'first' and 'before' cannot be combined");
  if (has('last') && has('after')) throw badInput("arguments 'last' and 'after' cannot be combined");
  if (has('first') && has('last')) throw badInput("arguments 'first' and 'last' cannot be combined");
  for (const name of ['first', 'last', 'skip'] as const) {
    if ((given[name] ?? 0) < 0) throw badInput(`argument '${name}' must not be negative`);
  }
}
