import { Pool } from 'undici';
import { GivenUp, post } from './http-exchange.ts';
import { subscribeOverHttp, subscriptionAgent } from './http-subscription.ts';
import {
  type SubgraphAnswer,
  type SubgraphCallOptions,
  type SubgraphTransport,
  SubgraphUnavailableError,
} from './transport.ts';

export interface HttpTransportOptions {
  /** Address of a subgraph's GraphQL endpoint, asked at each call, so that it may change. */
  readonly urlOf: (subgraph: string) => string | undefined;
  /** Kept-alive connections to one origin. */
  readonly connections?: number;
  /** Bytes of an answer that are read at most. */
  readonly maxAnswerBytes?: number;
}

const neverArrived = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Calls subgraphs over HTTP, with a pool of kept-alive connections for each origin. */
export function httpTransport({
  urlOf,
  connections = 64,
  maxAnswerBytes = 32 * 1024 * 1024,
}: HttpTransportOptions): SubgraphTransport {
  const pools = new Map<string, Pool>();
  const poolOf = (origin: string): Pool => {
    let pool = pools.get(origin);
    if (!pool) {
      pool = new Pool(origin, { connections, pipelining: 1, connect: { timeout: 2_000 }, keepAliveTimeout: 30_000 });
      pools.set(origin, pool);
    }
    return pool;
  };

  const subscriptions = subscriptionAgent();

  const addresses = new Map<string, URL>();
  const addressOf = (subgraph: string): URL | undefined => {
    const text = urlOf(subgraph);
    if (!text) return undefined;
    let address = addresses.get(text);
    if (!address) {
      address = new URL(text);
      addresses.set(text, address);
    }
    return address;
  };

  return {
    async send(subgraph, request, options) {
      const address = addressOf(subgraph);
      if (!address) throw new SubgraphUnavailableError(subgraph, 'unreachable', false);
      try {
        const text = await post(poolOf(address.origin), {
          path: address.pathname,
          headers: headersOf(options),
          body: JSON.stringify(request),
          timeoutMs: options.timeoutMs,
          signal: options.signal,
          maxAnswerBytes,
        });
        return readAnswer(subgraph, text);
      } catch (error) {
        if (error instanceof SubgraphUnavailableError) throw error;
        if (error instanceof GivenUp) throw new SubgraphUnavailableError(subgraph, error.reason, true, error);
        throw new SubgraphUnavailableError(subgraph, 'unreachable', !surelyNeverArrived(error), error);
      }
    },
    subscribe: (subgraph, request, options) =>
      subscribeOverHttp(subscriptions, addressOf(subgraph), subgraph, request, options),
    async close() {
      await Promise.all([subscriptions, ...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

const headersOf = ({ authorization, timeoutMs, headers }: SubgraphCallOptions): Record<string, string> => ({
  ...headers,
  authorization,
  'content-type': 'application/json',
  accept: 'application/json',
  'x-mercato-timeout-ms': String(timeoutMs),
});

function readAnswer(subgraph: string, text: string): SubgraphAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw new SubgraphUnavailableError(subgraph, 'bad-response', true, error);
  }
  if (!isAnswer(answer)) throw new SubgraphUnavailableError(subgraph, 'bad-response', true);
  return answer;
}

const isAnswer = (value: unknown): value is SubgraphAnswer =>
  typeof value === 'object' &&
  value !== null &&
  (('data' in value && typeof value.data === 'object') || ('errors' in value && Array.isArray(value.errors)));

const surelyNeverArrived = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && neverArrived.has(error.code);
