import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import type { ViewerSigner } from '@mercato/auth';
import {
  type Interest,
  type SubgraphAnswer,
  type SubgraphTransport,
  SubgraphUnavailableError,
} from '@mercato/subgraph-client';
import { type Trace, traceHeaders } from '@mercato/telemetry';
import { OperationTypeNode } from 'graphql';
import type { RouterContext } from '../context.ts';
import type { Timeouts } from '../options.ts';
import { callFailed, errorsOfSubgraph, subgraphUnavailable } from './failures.ts';
import { missingData } from './missing-data.ts';
import type { SharedReads } from './shared-reads.ts';

export interface DataSourceParts {
  readonly transport: SubgraphTransport;
  readonly signer: ViewerSigner;
  readonly timeouts: Timeouts;
  readonly sharedReads: SharedReads;
  /** Told of every failure of a subgraph, whole. */
  readonly failed: (error: unknown, subgraph: string, trace: Trace) => void;
}

type ProcessOptions = GraphQLDataSourceProcessOptions<Record<string, unknown>>;

/**
 * How the gateway asks one subgraph: on behalf of the viewer, within the operation's time, and never twice at once
 * for the same.
 */
export function createDataSource(name: string, parts: DataSourceParts): GraphQLDataSource {
  return {
    async process(options) {
      if (!('incomingRequestContext' in options)) throw new Error('The router asks subgraphs for clients only.');
      const context = options.context as unknown;
      if (!isRouterContext(context)) throw new Error('The operation came without the context of the router.');
      const { query = '', variables } = options.request;
      try {
        const answer = await ask(name, options, context, parts);
        if (!fits(answer, variables)) throw new SubgraphUnavailableError(name, 'bad-response', true);
        const errors = errorsOfSubgraph(name, answer, context.trace);
        return { data: answer.data ?? null, ...(errors.length > 0 ? { errors } : {}) };
      } catch (error) {
        // Whatever it is: thrown on, the gateway would give up the whole operation for it.
        parts.failed(error, name, context.trace);
        const mutation = isMutation(options);
        const errors = missingData(query, variables).map((path) =>
          error instanceof SubgraphUnavailableError
            ? subgraphUnavailable(error, path, mutation)
            : callFailed(name, path, context.trace),
        );
        return { data: null, errors };
      }
    },
  };
}

const isRouterContext = (context: unknown): context is RouterContext =>
  typeof context === 'object' && context !== null && 'viewer' in context && 'deadline' in context;

async function ask(
  name: string,
  options: ProcessOptions,
  context: RouterContext,
  { transport, signer, timeouts, sharedReads }: DataSourceParts,
): Promise<SubgraphAnswer> {
  const { query, variables, operationName } = options.request;
  if (query === undefined) throw new Error('The plan holds a fetch without a document.');
  const left = context.deadline - performance.now();
  const own = timeouts.bySubgraph[name] ?? timeouts.subgraph;
  const timeoutMs = Math.floor(isMutation(options) ? left : Math.min(own, left));
  if (timeoutMs < 1) throw new SubgraphUnavailableError(name, 'timeout', false);

  const send = async (signal: Interest | undefined, patienceMs: number) =>
    transport.send(
      name,
      { query, variables, operationName },
      {
        authorization: `Bearer ${await signer.sign(name, context.viewer)}`,
        timeoutMs: patienceMs,
        signal,
        headers: { ...context.forwarded, ...traceHeaders(context.trace) },
      },
    );

  if (isMutation(options)) {
    try {
      // The client's going away does not stop it: half of the wish would be carried out.
      return await send(undefined, timeoutMs);
    } finally {
      sharedReads.forget();
    }
  }
  // What follows a mutation within its operation is read alone, always.
  if (!isQuery(options)) return send(context.interest, timeoutMs);
  const { kind, id, scopes } = context.viewer;
  const key = JSON.stringify([name, kind, id, scopes, context.forwarded, query, operationName, variables]);
  const gaveUp = (reason: 'timeout' | 'aborted') => new SubgraphUnavailableError(name, reason, true);
  return sharedReads.read(key, { patienceMs: timeoutMs, interest: context.interest, gaveUp }, (signal) =>
    send(signal, own),
  );
}

/** Whether the data is of a form that the gateway can merge: one entity for each that was asked about. */
function fits({ data }: SubgraphAnswer, variables: Readonly<Record<string, unknown>> | undefined): boolean {
  if (data === undefined || data === null) return true;
  const wanted = variables?.representations;
  if (!Array.isArray(wanted)) return !Array.isArray(data);
  return Array.isArray(data._entities) && data._entities.length === wanted.length;
}

/** Whether the client's operation reads only. */
const isQuery = (options: ProcessOptions): boolean =>
  'incomingRequestContext' in options &&
  options.incomingRequestContext.operation?.operation === OperationTypeNode.QUERY;

/** Whether this very call changes something: in a mutation's plan, later calls are reads. */
const isMutation = (options: ProcessOptions): boolean => /^\s*mutation\b/.test(options.request.query ?? '');
