import type { Viewer, ViewerSigner } from '@mercato/auth';
import {
  type Interest,
  type SubgraphAnswer,
  type SubgraphRequest,
  type SubgraphTransport,
  SubgraphUnavailableError,
} from '@mercato/subgraph-client';
import { type Trace, traceHeaders } from '@mercato/telemetry';
import { recorded } from '@mercato/telemetry/tracing';
import type { Timeouts } from '../options.ts';

export interface FollowParts {
  readonly transport: Pick<SubgraphTransport, 'subscribe'>;
  readonly signer: ViewerSigner;
  readonly timeouts: Timeouts;
  /** Milliseconds for which a stream that broke off is asked for again. */
  readonly resumption: number;
  /** Told when a stream has broken off, and of every failure that ends one. */
  readonly failed: (error: unknown, subgraph: string, trace: Trace) => void;
}

export interface Followed {
  readonly subgraph: string;
  readonly request: SubgraphRequest;
  readonly viewer: Viewer;
  readonly forwarded: Readonly<Record<string, string>>;
  readonly trace: Trace;
  /** Ends it, at once. */
  readonly interest: Interest;
}

/** Milliseconds of a stream after which its end is not taken for that of the one before. */
const steadyAfter = 5_000;
const firstPause = 250;
const longestPause = 5_000;

/**
 * The answers of a subgraph's subscription. When the subgraph goes away it is asked again, with growing pauses; its
 * first answer then is the present state, so that nothing is missed but what has changed back.
 * @throws SubgraphUnavailableError when it does not come back in time
 */
export async function* followSubgraph(
  followed: Followed,
  parts: FollowParts,
): AsyncGenerator<SubgraphAnswer, undefined, undefined> {
  const { subgraph, interest, trace } = followed;
  let hasAnswered = false;
  let brokenSince: number | undefined;
  let attempts = 0;
  for (;;) {
    const begunAt = performance.now();
    try {
      const answers = await begin(followed, parts);
      for (;;) {
        const { value, done } = await answers.next();
        if (done) return;
        if (hasAnswered && isBreakdown(value)) throw new SubgraphUnavailableError(subgraph, 'unreachable', true);
        hasAnswered = true;
        yield value;
      }
    } catch (error) {
      const now = performance.now();
      if (now - begunAt > steadyAfter && hasAnswered) brokenSince = undefined;
      if (brokenSince === undefined) {
        brokenSince = now;
        attempts = 0;
        parts.failed(error, subgraph, trace);
      }
      // Who has seen nothing yet is told sooner.
      const patience = hasAnswered ? parts.resumption : Math.min(parts.resumption, parts.timeouts.subgraph);
      if (!(error instanceof SubgraphUnavailableError) || interest.aborted) throw error;
      if (now - brokenSince >= patience) throw error;
    }
    await pause(attempts, interest);
    if (interest.aborted) return;
    attempts += 1;
  }
}

/** The subgraph failed at what its events come from, and says no more; what it refuses it says why. */
const isBreakdown = ({ data, errors = [] }: SubgraphAnswer): boolean =>
  data === undefined && errors.every(({ extensions }) => (extensions?.code ?? internal) === internal);

const internal = 'INTERNAL_SERVER_ERROR';

async function begin({ subgraph, request, viewer, forwarded, trace, interest }: Followed, parts: FollowParts) {
  const { transport, signer, timeouts } = parts;
  const about = { 'mercato.subgraph': subgraph, 'graphql.operation.name': request.operationName };
  return recorded(`follow ${subgraph}`, 'client', trace, about, async (within) =>
    transport.subscribe(subgraph, request, {
      authorization: `Bearer ${await signer.sign(subgraph, viewer)}`,
      timeoutMs: timeouts.bySubgraph[subgraph] ?? timeouts.subgraph,
      signal: interest,
      headers: { ...forwarded, ...traceHeaders(within) },
    }),
  );
}

/** Of different lengths: all who followed a subgraph ask again when it comes back. */
function pause(attempts: number, interest: Interest): Promise<void> {
  const longest = Math.min(firstPause * 2 ** attempts, longestPause);
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      interest.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, (longest * (1 + Math.random())) / 2);
    interest.addEventListener('abort', end);
    if (interest.aborted) end();
  });
}
