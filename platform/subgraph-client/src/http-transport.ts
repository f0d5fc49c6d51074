import { Balancer } from './balancing/balancer.ts';
import { balancingOf, type PartialBalancing } from './balancing/settings.ts';
import type { SubgraphSnapshot } from './balancing/snapshot.ts';
import { HttpCall } from './http-call.ts';
import { subscribeOverHttp, subscriptionAgent } from './http-subscription.ts';
import { type InstanceSource, instancesByUrl } from './instances.ts';
import type { SubgraphTransport } from './transport.ts';

export type HttpTransportOptions = {
  /** Kept-alive connections to one instance. */
  readonly connections?: number;
  /** Bytes of an answer that are read at most. */
  readonly maxAnswerBytes?: number;
  /** How calls are spread and repeated; the defaults where it says nothing. */
  readonly balancing?: PartialBalancing;
} & (
  | {
      /** Who serves each subgraph. Closed by whoever made it. */
      readonly instances: InstanceSource;
    }
  | {
      /** Address of a subgraph's one GraphQL endpoint, asked at each call, so that it may change. */
      readonly urlOf: (subgraph: string) => string | undefined;
    }
);

export interface HttpTransport extends SubgraphTransport {
  /** Where an instance that is well can be reached beside its GraphQL endpoint, such as `http://10.1.2.3:4002`. */
  originOf(subgraph: string): string | undefined;
  /** What is known of each subgraph that was called or is listed for `originOf`. */
  snapshot(): Readonly<Record<string, SubgraphSnapshot>>;
}

/**
 * Calls subgraphs over HTTP, each call at the instance that has the least to do. Instances that fail are left out,
 * reads are repeated elsewhere within a budget, and a subgraph of which none answers is not asked for a while.
 */
export function httpTransport(options: HttpTransportOptions): HttpTransport {
  const { connections = 64, maxAnswerBytes = 32 * 1024 * 1024 } = options;
  const source = 'instances' in options ? options.instances : instancesByUrl(options.urlOf);
  const balancing = balancingOf(options.balancing);
  const balancers = new Map<string, Balancer>();
  const balancerOf = (subgraph: string): Balancer => {
    let balancer = balancers.get(subgraph);
    if (!balancer) {
      balancer = new Balancer(subgraph, balancing, connections);
      balancers.set(subgraph, balancer);
    }
    balancer.follow(source.instancesOf(subgraph));
    return balancer;
  };
  // Connections to who left are closed without waiting for the next call.
  const unfollow = source.onChange(() => {
    for (const [subgraph, balancer] of balancers) balancer.follow(source.instancesOf(subgraph));
  });
  const subscriptions = subscriptionAgent();

  return {
    send(subgraph, request, callOptions) {
      return new Promise((resolve, reject) => {
        new HttpCall(balancerOf(subgraph), request, callOptions, maxAnswerBytes, resolve, reject).start();
      });
    },
    subscribe: (subgraph, request, callOptions) =>
      subscribeOverHttp(subscriptions, balancerOf(subgraph).pick(), subgraph, request, callOptions),
    originOf(subgraph) {
      const instance = balancerOf(subgraph).pick();
      if (!instance) return undefined;
      const { address, host } = instance;
      // A certificate is of the name, not of the address that it was found at.
      return address.protocol === 'https:' && host !== undefined ? `https://${host}` : address.origin;
    },
    snapshot: () => Object.fromEntries([...balancers].map(([subgraph, balancer]) => [subgraph, balancer.snapshot()])),
    async close() {
      unfollow();
      await Promise.all([subscriptions.destroy(), ...[...balancers.values()].map((balancer) => balancer.destroy())]);
    },
  };
}
