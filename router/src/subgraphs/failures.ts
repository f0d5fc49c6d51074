import type { SubgraphAnswer, SubgraphUnavailableError } from '@mercato/subgraph-client';
import type { Trace } from '@mercato/telemetry';
import type { GraphQLFormattedError } from 'graphql';
import { measureJson } from '../limits/measure-values.ts';

/** What the client is told when a subgraph gave no answer: which one, and nothing of where it is. */
export function subgraphUnavailable(
  { message, subgraph, mayHaveHappened }: SubgraphUnavailableError,
  path: readonly (string | number)[],
  isMutation: boolean,
): GraphQLFormattedError {
  const advice = 'What you asked for may have happened all the same; repeat it with the same idempotencyKey.';
  return {
    message: isMutation && mayHaveHappened ? `${message} ${advice}` : message,
    path,
    extensions: {
      code: 'SUBGRAPH_UNAVAILABLE',
      service: subgraph,
      ...(isMutation ? { mayHaveHappened } : {}),
    },
  };
}

/** What the client is told when the router's own call went wrong. */
export const callFailed = (
  subgraph: string,
  path: readonly (string | number)[],
  trace: Trace,
): GraphQLFormattedError => ({
  message: bugMessage,
  path,
  extensions: { code: internal, service: subgraph, requestId: trace.requestId },
});

/** What the client is told when values of an answer lie too deep within each other to be passed on. */
export const nestsTooDeep = (subgraph: string, path: readonly (string | number)[]): GraphQLFormattedError => ({
  message: `The ${subgraph} service gave an answer whose values lie too deep within each other.`,
  path,
  extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: subgraph },
});

/** Codes with which a subgraph refuses the router's own call: the client could not have done better. */
const faultsOfRouter = new Set(['UNAUTHENTICATED', 'BAD_REQUEST', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED']);

const internal = 'INTERNAL_SERVER_ERROR';

/**
 * The errors of an answer, each with the subgraph it comes from. Subgraphs mask their bugs themselves; what has no code
 * of theirs is masked here.
 */
export function errorsOfSubgraph(name: string, answer: SubgraphAnswer, trace: Trace): GraphQLFormattedError[] {
  if (!Array.isArray(answer.errors)) return [];
  const neverRan = answer.data === undefined;
  return answer.errors.map((given: unknown) => {
    const { message, path, code, extensions } = readError(given);
    const isBug = code === undefined || code === internal || (neverRan && faultsOfRouter.has(code));
    return {
      message: isBug ? bugMessage : message,
      ...(path ? { path } : {}),
      extensions: isBug
        ? { code: internal, service: name, requestId: extensions.requestId ?? trace.requestId }
        : { ...extensions, service: name },
    };
  });
}

export const bugMessage = 'Something went wrong here; the request id helps us find it.';

interface ReadError {
  message: string;
  path: (string | number)[] | undefined;
  code: string | undefined;
  extensions: Readonly<Record<string, unknown>>;
}

/** Reads what a subgraph calls an error, whatever it is. */
function readError(given: unknown): ReadError {
  const error = asRecord(given);
  const { stacktrace: _stack, exception: _exception, ...extensions } = asRecord(flat(error.extensions));
  const path = Array.isArray(error.path) ? error.path.filter(isPathSegment) : undefined;
  return {
    message: typeof error.message === 'string' && error.message !== '' ? error.message : bugMessage,
    path,
    code: typeof extensions.code === 'string' ? extensions.code : undefined,
    extensions,
  };
}

/** What lies too deep to be written is not told. */
const flat = (extensions: unknown): unknown =>
  measureJson(extensions, told).depth <= told.valueDepth ? extensions : undefined;

const told = { valueDepth: 50, listItems: Number.POSITIVE_INFINITY };

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const isPathSegment = (segment: unknown): segment is string | number =>
  typeof segment === 'string' || typeof segment === 'number';
