import { InProcessSubscription } from './in-process-subscription.ts';
import type { SubgraphAnswer, SubgraphAnswers, SubgraphRequest, SubgraphTransport } from './transport.ts';
import { SubgraphUnavailableError } from './transport.ts';

/** What a subgraph offers to callers in its own process. */
export interface InProcessSubgraph {
  answer(
    request: SubgraphRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<SubgraphAnswer>;
  /** The answers of a subscription, or the one answer that says why there are none. */
  subscribe(
    request: SubgraphRequest,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<SubgraphAnswers | SubgraphAnswer>;
}

/** Calls subgraphs in the same process, through the same verifier of tokens and with the same deadline as over HTTP. */
export function inProcessTransport(find: (name: string) => InProcessSubgraph | undefined): SubgraphTransport {
  return {
    async send(subgraph, request, options) {
      const target = find(subgraph);
      if (!target) throw new SubgraphUnavailableError(subgraph, 'unreachable', false);
      const headers = { ...options.headers, authorization: options.authorization };
      const abort = new AbortController();
      const onAbort = () => abort.abort();
      options.signal?.addEventListener('abort', onAbort, { once: true });
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          abort.abort();
          reject(new SubgraphUnavailableError(subgraph, 'timeout', true));
        }, options.timeoutMs);
      });
      try {
        return await Promise.race([target.answer(request, headers, abort.signal), deadline]);
      } finally {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', onAbort);
      }
    },
    subscribe: (subgraph, request, options) => new InProcessSubscription(subgraph, find(subgraph), request, options),
    async close() {},
  };
}
