import { GraphQLError } from 'graphql';

/** Refuses an operation for what it would cost; the sentence names the limit and how to keep it. */
export const tooCostly = (message: string, details: Readonly<Record<string, number>> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'OPERATION_TOO_COSTLY', ...details, http: { status: 400 } } });
