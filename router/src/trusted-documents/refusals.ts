import { GraphQLError } from 'graphql';
import { RequestError } from '../operations/request-error.ts';

const refusal = (message: string, code: string, status: number, headers?: Record<string, string>): RequestError =>
  new RequestError([
    new GraphQLError(message, { extensions: { code, http: { status, ...(headers ? { headers } : {}) } } }),
  ]);

/**
 * The message and status that clients of automatic persisted queries wait for, to send the text as well:
 * https://www.apollographql.com/docs/apollo-server/performance/apq
 */
export const notFound = (): RequestError =>
  refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND', 200, { 'cache-control': 'no-store' });

/** Another answer than `notFound`: sending the text as well would not help. */
export const notTrusted = (): RequestError =>
  refusal('This document is not among those that this client is known to send.', 'QUERY_NOT_IN_SAFELIST', 403);

export const idRequired = (): RequestError =>
  refusal(
    'Documents are named by their id here: send "documentId" or the extension "persistedQuery", and no "query".',
    'PERSISTED_QUERY_ID_REQUIRED',
    400,
  );

export const misshapen = (message: string): RequestError => refusal(message, 'BAD_REQUEST', 400);
