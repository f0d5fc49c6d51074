import { GraphQLError } from 'graphql';
import { RequestError } from '../operations/request-error.ts';

/** A request that is no GraphQL request. */
export const badRequest = (message: string, status = 400, headers: Record<string, string> = {}): RequestError =>
  new RequestError([new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, headers } } })]);
