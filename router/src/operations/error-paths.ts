import { type GraphQLFormattedError, visit } from 'graphql';
import type { Operation } from './operation.ts';

/**
 * Errors with paths that lead within the answer. What a subgraph fails to give may have been fetched for something else,
 * such as a key: its name says nothing to clients, and they may not even know the field.
 */
export function withinAnswer<Told extends GraphQLFormattedError>(
  errors: readonly Told[],
  operation: Operation,
): readonly GraphQLFormattedError[] {
  return errors.map((error) => {
    const { path } = error;
    const names = path ? answerNamesOf(operation) : none;
    const end = path?.findIndex((part) => typeof part === 'string' && !names.has(part)) ?? -1;
    return path && end >= 0 ? { ...error, message: error.message, path: path.slice(0, end) } : error;
  });
}

const none: ReadonlySet<string> = new Set();
const remembered = new WeakMap<Operation, ReadonlySet<string>>();

/** All names that fields have in the operation's answers. */
function answerNamesOf(operation: Operation): ReadonlySet<string> {
  const known = remembered.get(operation);
  if (known) return known;
  const names = new Set<string>();
  visit(operation.document, {
    Field: ({ alias, name }) => {
      names.add((alias ?? name).value);
    },
  });
  remembered.set(operation, names);
  return names;
}
