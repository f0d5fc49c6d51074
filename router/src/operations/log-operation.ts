import type { Logger, Trace } from '@mercato/telemetry';
import type { FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { RouterContext } from '../context.ts';
import type { Spent } from '../limits/admission.ts';
import type { OperationObserver } from '../observability/operation-observer.ts';
import type { Operation } from './operation.ts';

/** Clients name themselves: a name is cut, so that it cannot fill the log. */
const short = (text: unknown): string | undefined =>
  typeof text === 'string' && text !== '' ? text.slice(0, 100) : undefined;

export interface OperationEnd {
  readonly operation: Operation | undefined;
  readonly operationName: string | undefined;
  /** The agents' tool that it is the document of. */
  readonly tool?: string | undefined;
  readonly errors: readonly GraphQLFormattedError[];
  readonly httpStatus: number;
  readonly startedAt: number;
  /** Undefined where it was not run. */
  readonly spent: Spent | undefined;
  /** Undefined where it ended before it was known who asks. */
  readonly context: RouterContext | undefined;
}

/** One line an operation: what was asked by whom, how long it took, how it ended. Never its variables. */
export function logOperation(
  logger: Logger,
  { headers, trace }: { headers: FastifyRequest['headers']; trace: Trace },
  end: OperationEnd,
  observer?: OperationObserver | undefined,
): void {
  const { operation, tool, errors, httpStatus, context } = end;
  const failed = errors.length > 0;
  observer?.ended(end, headers['apollographql-client-name']);
  logger.info(
    {
      operation: tool === undefined ? (short(operation?.name ?? end.operationName) ?? 'anonymous') : `tool ${tool}`,
      type: operation?.type,
      durationMs: Math.round((performance.now() - end.startedAt) * 10) / 10,
      status: failed ? (operation && context ? 'errors' : 'refused') : 'ok',
      codes: failed
        ? [...new Set(errors.map(({ extensions }) => extensions?.code ?? 'INTERNAL_SERVER_ERROR'))]
        : undefined,
      httpStatus,
      estimatedCost: end.spent?.estimated,
      cost: end.spent?.actual,
      viewer: context?.viewer.kind,
      client: short(headers['apollographql-client-name']),
      clientVersion: short(headers['apollographql-client-version']),
      requestId: trace.requestId,
      traceId: trace.traceId,
    },
    'operation',
  );
}
