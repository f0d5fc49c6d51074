import type { Logger, Trace } from '@mercato/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { bugMessage } from './subgraphs/failures.ts';

/** Codes of what a caller can mend, or wait for: their messages are written for callers. */
const forCallers = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_COSTLY',
  'PERSISTED_QUERY_ID_REQUIRED',
  'PERSISTED_QUERY_NOT_FOUND',
  'QUERY_NOT_IN_SAFELIST',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'SUBGRAPH_UNAVAILABLE',
  'UNAUTHENTICATED',
]);

/**
 * An error as clients see it: mistakes of callers with their sentence and code, everything else as
 * INTERNAL_SERVER_ERROR with the request id and nothing more. Bugs of the router are logged whole; those of subgraphs
 * are logged there.
 */
export function formatError(
  error: GraphQLError | GraphQLFormattedError,
  trace: Trace,
  logger: Logger,
): GraphQLFormattedError {
  const { message, locations, path, extensions } = error instanceof GraphQLError ? error.toJSON() : error;
  const { http: _http, ...rest } = extensions ?? {};
  const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
  const answeredBySubgraph = typeof rest.service === 'string';
  if (answeredBySubgraph || forCallers.has(String(rest.code))) return { message, ...place, extensions: rest };
  logger.error({ err: causeOf(error), path, ...trace }, 'The router failed');
  return { message: bugMessage, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: trace.requestId } };
}

const causeOf = (error: unknown): unknown => (error instanceof GraphQLError ? (error.originalError ?? error) : error);

/** The HTTP status and headers that an error asks for. */
export function httpOf(error: GraphQLError): { status: number | undefined; headers: Readonly<Record<string, string>> } {
  const http = error.extensions.http;
  if (typeof http !== 'object' || http === null) return { status: undefined, headers: {} };
  const { status, headers } = http as { status?: number; headers?: Record<string, string> | Map<string, string> };
  return { status, headers: headers instanceof Map ? Object.fromEntries(headers) : (headers ?? {}) };
}
