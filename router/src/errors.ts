import type { Logger } from '@mercato/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { bugMessage } from './subgraphs/failures.ts';
import type { TraceOfError } from './trace-of-error.ts';

/** Codes of what a caller can mend, or wait for: their messages are written for callers. */
const forCallers = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_COSTLY',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'SUBGRAPH_UNAVAILABLE',
  'UNAUTHENTICATED',
]);

/**
 * Errors as clients see them: mistakes of callers with their sentence and code, everything else as
 * INTERNAL_SERVER_ERROR with the request id and nothing more. Bugs of the router are logged whole; those of subgraphs
 * are logged there.
 */
export const errorFormatter =
  (logger: Logger, traces: TraceOfError) =>
  ({ message, locations, path, extensions }: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { serviceName: _serviceName, stacktrace: _stacktrace, ...rest } = extensions ?? {};
    const place = { ...(locations ? { locations } : {}), ...(path ? { path } : {}) };
    const answeredBySubgraph = typeof rest.service === 'string';
    if (answeredBySubgraph || forCallers.has(String(rest.code))) {
      return { message, ...place, extensions: rest };
    }
    const trace = traces.find(error);
    logger.error({ err: causeOf(error), path, ...trace }, 'The router failed');
    return {
      message: bugMessage,
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: trace?.requestId },
    };
  };

const causeOf = (error: unknown): unknown => (error instanceof GraphQLError ? (error.originalError ?? error) : error);
