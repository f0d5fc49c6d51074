import type { GraphQLError } from 'graphql';

/** The operation was not run at all: what was sent could not be read, was not allowed, or asked for too much. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join(' '));
    this.errors = errors;
  }
}
