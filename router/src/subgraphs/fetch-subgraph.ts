import type { Viewer, ViewerSigner } from '@mercato/auth';
import {
  type Interest,
  type SubgraphAnswer,
  type SubgraphTransport,
  SubgraphUnavailableError,
} from '@mercato/subgraph-client';
import { type Trace, traceHeaders } from '@mercato/telemetry';
import type { RouterContext } from '../context.ts';
import type { FetchOutcome, FetchRequest, FetchSubgraph } from '../execution/subgraph-fetch.ts';
import type { Timeouts } from '../options.ts';
import { callFailed, errorsOfSubgraph, subgraphUnavailable } from './failures.ts';
import { missingData } from './missing-data.ts';
import type { SharedReads } from './shared-reads.ts';

export interface FetchParts {
  readonly transport: SubgraphTransport;
  readonly signer: ViewerSigner;
  readonly timeouts: Timeouts;
  readonly sharedReads: SharedReads;
  /** Told of every failure of a subgraph, whole. */
  readonly failed: (error: unknown, subgraph: string, trace: Trace) => void;
}

/**
 * Asks subgraphs on behalf of the viewer, within the operation's time, and never twice at once for the same.
 */
export const createFetchSubgraph =
  (parts: FetchParts): FetchSubgraph =>
  async (request, context) => {
    const { subgraph } = request.step;
    const ended = context.calls?.begin(request.step);
    try {
      const answer = await ask(request, context, parts);
      if (!fits(answer, request.entities)) throw new SubgraphUnavailableError(subgraph, 'bad-response', true);
      const errors = answer.errors ? errorsOfSubgraph(subgraph, answer, context.trace) : none;
      ended?.(errors, answer);
      return { data: answer.data ?? null, errors, failed: false };
    } catch (error) {
      parts.failed(error, subgraph, context.trace);
      const outcome = failure(error, request, context);
      ended?.(outcome.errors);
      return outcome;
    }
  };

const none: FetchOutcome['errors'] = [];

function failure(error: unknown, { step, variables }: FetchRequest, { trace }: RouterContext): FetchOutcome {
  const errors = missingData(step.query, variables).map((path) =>
    error instanceof SubgraphUnavailableError
      ? subgraphUnavailable(error, path, step.isMutation)
      : callFailed(step.subgraph, path, trace),
  );
  return { data: null, errors, failed: true };
}

async function ask(request: FetchRequest, context: RouterContext, parts: FetchParts): Promise<SubgraphAnswer> {
  const { step, body } = request;
  const { timeouts, sharedReads } = parts;
  const left = context.deadline - performance.now();
  const own = timeouts.bySubgraph[step.subgraph] ?? timeouts.subgraph;
  const timeoutMs = Math.floor(step.isMutation ? left : Math.min(own, left));
  if (timeoutMs < 1) throw new SubgraphUnavailableError(step.subgraph, 'timeout', false);

  if (step.isMutation) {
    try {
      // The client's going away does not stop it: half of the wish would be carried out.
      return await send(request, context, parts, undefined, timeoutMs);
    } finally {
      sharedReads.forget();
    }
  }
  // What follows a mutation within its operation is read alone, always; and what is traced, for the other is not.
  if (!request.mayShare || context.calls?.areTraced) return send(request, context, parts, context.interest, timeoutMs);
  const key = `${step.subgraph}\n${identityOf(context.viewer)}\n${forwardedText(context)}\n${body}`;
  const gaveUp = (reason: 'timeout' | 'aborted') => new SubgraphUnavailableError(step.subgraph, reason, true);
  return sharedReads.read(key, { patienceMs: timeoutMs, interest: context.interest, gaveUp }, (signal) =>
    send(request, context, parts, signal, own),
  );
}

async function send(
  { step, variables, body }: FetchRequest,
  { viewer, forwarded, trace, calls }: RouterContext,
  { transport, signer }: FetchParts,
  signal: Interest | undefined,
  timeoutMs: number,
): Promise<SubgraphAnswer> {
  return transport.send(
    step.subgraph,
    { query: step.query, variables, operationName: step.operationName, json: body },
    {
      authorization: `Bearer ${await signer.sign(step.subgraph, viewer)}`,
      timeoutMs,
      read: !step.isMutation,
      signal,
      headers: { ...forwarded, ...traceHeaders(trace), ...(calls?.areTraced ? askingForTrace : undefined) },
    },
  );
}

/** Apollo's federated tracing: the answer's `extensions.ftv1` tell what each field took. */
const askingForTrace = { 'apollo-federation-include-trace': 'ftv1' };

const identities = new WeakMap<Viewer, string>();

/** Whatever an answer may depend on of who asks. */
function identityOf(viewer: Viewer): string {
  let identity = identities.get(viewer);
  if (identity === undefined) {
    identity = JSON.stringify([viewer.kind, viewer.id, viewer.scopes]);
    identities.set(viewer, identity);
  }
  return identity;
}

const forwardedText = ({ forwarded }: RouterContext): string => {
  let text = '';
  for (const name in forwarded) text += `${name}:${JSON.stringify(forwarded[name])},`;
  return text;
};

/** Whether the data is of a form that can be merged: one entity for each that was asked about. */
function fits({ data }: SubgraphAnswer, entities: number | undefined): boolean {
  if (data === undefined || data === null) return true;
  if (entities === undefined) return !Array.isArray(data);
  return Array.isArray(data._entities) && data._entities.length === entities;
}
