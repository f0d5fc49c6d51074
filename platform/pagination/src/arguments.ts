import { GraphQLError } from 'graphql';
import { type DecodedCursor, decodeCursor } from './cursor.ts';
import type { CursorValue, KeysetSort, PageDirection } from './sort.ts';

/** A connection field's arguments as GraphQL gives them. */
export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface PageLimits {
  /** The order the list is in; cursors of another are refused. */
  readonly sort: KeysetSort;
  /** Most items a page may have; 100 by default. */
  readonly max?: number;
  /** Items when the client does not say; 24 by default. */
  readonly default?: number;
}

/** A page to fetch. Ask the database for `limit + 1` rows: the one too many tells whether more follow. */
export interface PageRequest {
  readonly sort: KeysetSort;
  /** Items on the page, 0 to max. */
  readonly limit: number;
  /** Backward pages are fetched in reversed order; `connection` turns them round again. */
  readonly direction: PageDirection;
  /** Values of the row that the page begins behind, one a column of the order; null at the end of the list. */
  readonly cursor: readonly CursorValue[] | null;
}

/**
 * Checks and reads the arguments of a Relay connection. `first`/`after` page forward, `last`/`before` backward; the two
 * are not mixed. Throws a `GraphQLError` with code `BAD_USER_INPUT` that names the argument and the fix.
 */
export function readPageArguments(args: PageArguments, limits: PageLimits): PageRequest {
  const first = args.first ?? null;
  const last = args.last ?? null;
  const after = args.after ?? null;
  const before = args.before ?? null;

  if (first !== null && last !== null) refuse('last', 'cannot be used together with `first`: leave one of them out.');
  if (after !== null && before !== null) {
    refuse('before', 'cannot be used together with `after`: leave one of them out.');
  }
  if (last !== null && after !== null) refuse('after', 'goes with `first`; to page backward use `last` and `before`.');
  if (first !== null && before !== null) {
    refuse('before', 'goes with `last`; to page forward use `first` and `after`.');
  }

  const backward = last !== null || before !== null;
  const { sort, max = 100, default: usual = 24 } = limits;
  return {
    sort,
    limit: backward ? readLimit('last', last, usual, max) : readLimit('first', first, usual, max),
    direction: backward ? 'backward' : 'forward',
    cursor: backward ? readCursor('before', before, sort) : readCursor('after', after, sort),
  };
}

function readLimit(argument: string, value: number | null, usual: number, max: number): number {
  if (value === null) return Math.min(usual, max);
  if (!Number.isInteger(value) || value < 0) refuse(argument, `must be a whole number from 0 to ${max}, not ${value}.`);
  if (value > max) refuse(argument, `must be at most ${max}, not ${value}: ask for further items with a cursor.`);
  return value;
}

function readCursor(argument: string, cursor: string | null, sort: KeysetSort): readonly CursorValue[] | null {
  if (cursor === null) return null;

  const decoded: DecodedCursor = decodeCursor(sort, cursor);
  switch (decoded.kind) {
    case 'ok':
      return decoded.values;
    case 'garbage':
      return refuse(argument, 'is not a cursor of this list: use one of its `pageInfo` or `edges`, unchanged.');
    case 'other-sort':
      return refuse(argument, 'is a cursor of another sort order: start again from the first page.');
  }
}

function refuse(argument: string, sentence: string): never {
  throw new GraphQLError(`Argument \`${argument}\` ${sentence}`, { extensions: { code: 'BAD_USER_INPUT', argument } });
}
