import { GraphQLError } from 'graphql';
import type { BlogPageRequest } from '../domain/blog-pages.ts';

interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

const most = 100;
const usual = 10;

/** Longer than any cursor of the CMS, which are ids of entries. */
const longestCursor = 255;

/**
 * Reads the arguments of a connection whose cursors are the CMS's own.
 * @throws GraphQLError BAD_USER_INPUT that names the argument and the fix.
 */
export function readPageArguments(args: PageArguments): Omit<BlogPageRequest, 'count'> {
  const { first = null, after = null, last = null, before = null } = args;
  if (first !== null && last !== null) refuse('last', 'cannot be used together with `first`: leave one of them out.');
  if (after !== null && before !== null) {
    refuse('before', 'cannot be used together with `after`: leave one of them out.');
  }
  if (last !== null && after !== null) refuse('after', 'goes with `first`; to page backward use `last` and `before`.');
  if (first !== null && before !== null) {
    refuse('before', 'goes with `last`; to page forward use `first` and `after`.');
  }
  return last !== null || before !== null
    ? { direction: 'backward', limit: limitOf('last', last), cursor: cursorOf('before', before) }
    : { direction: 'forward', limit: limitOf('first', first), cursor: cursorOf('after', after) };
}

function limitOf(argument: string, value: number | null): number {
  if (value === null) return usual;
  if (value < 0) refuse(argument, `must be a whole number from 0 to ${most}, not ${value}.`);
  if (value > most) refuse(argument, `must be at most ${most}, not ${value}: ask for further items with a cursor.`);
  return value;
}

function cursorOf(argument: string, cursor: string | null): string | null {
  if (cursor === null || (cursor !== '' && cursor.length <= longestCursor)) return cursor;
  return refuse(argument, 'is not a cursor of this list: use one of its `pageInfo` or `edges`, unchanged.');
}

function refuse(argument: string, sentence: string): never {
  throw new GraphQLError(`Argument \`${argument}\` ${sentence}`, { extensions: { code: 'BAD_USER_INPUT', argument } });
}
