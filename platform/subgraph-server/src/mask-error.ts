import type { Logger } from '@mercato/telemetry';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';

/** Codes of mistakes that a caller can mend; their messages are written for callers. */
const callerMistakes = new Set([
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'OPERATION_TOO_COSTLY',
  'SUBGRAPH_UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
]);

/**
 * The error as a caller may see it. What is not a caller's mistake is a bug or an outage: it is logged whole, and
 * the caller is told an id to report.
 */
export function maskError(
  error: GraphQLError,
  { logger, requestId }: { logger: Logger; requestId: string },
): GraphQLFormattedError {
  const formatted = error.toJSON();
  const code = error.extensions.code;
  if (typeof code === 'string' && callerMistakes.has(code)) return formatted;
  // graphql-js itself raises errors without a cause and a code only for wrong documents and variables.
  if (error.originalError === undefined && code === undefined) {
    return { ...formatted, extensions: { ...formatted.extensions, code: 'BAD_USER_INPUT' } };
  }
  const bug = error.originalError ?? error;
  if (isZeroCharacter(bug)) {
    return {
      ...formatted,
      message: 'A text holds the character U+0000, which no text here may; leave it out.',
      extensions: { code: 'BAD_USER_INPUT' },
    };
  }
  logger.error({ err: bug, path: error.path }, 'A resolver failed');
  return {
    message: 'Something went wrong here; the request id helps us find it.',
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

/** JSON may hold the character U+0000; Postgres cannot store it in text, and refuses even to compare with it. */
const isZeroCharacter = (error: unknown): boolean =>
  error instanceof Error &&
  (/invalid byte sequence for encoding "UTF8": 0x00|unsupported Unicode escape sequence/.test(error.message) ||
    isZeroCharacter(error.cause));
