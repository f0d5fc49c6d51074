import type { GraphQLFormattedError } from 'graphql';

/** The plain JSON of a GraphQL answer. */
export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Readonly<Record<string, unknown>>;
}
