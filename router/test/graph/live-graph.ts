import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createViewerSigner, createViewerVerifier, generateKey, loadOrCreateKeys } from '@mercato/auth';
import { composeSupergraph } from '@mercato/schema/compose';
import { httpTransport } from '@mercato/subgraph-client';
import { createSubgraphServer, type Subgraph, type SubgraphCall } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { GraphQLError, parse, Source } from 'graphql';
import { createClient, type Client as WebSocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createRouter, developmentIdentity, issueToken, type Router, type RouterOptions } from '../../src/index.ts';
import { warmThread } from './warm-threads.ts';

export const ordersSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requiresScopes", "@policy"])
  type Query { order(id: ID!): Order }
  type Mutation { advance(id: ID!): Order }
  type Subscription {
    orderUpdated(id: ID!): Order
    stockChanged(skus: [String!]!): Item
    countChanged: Count
    guarded: Order @requiresScopes(scopes: [["orders:read"]])
    watched: Order @policy(policies: [["watching"]])
    refused: Order
  }
  type Order @key(fields: "id") {
    id: ID!
    status: Int!
    viewer: String
    text(length: Int!): String
    cost: Int @requiresScopes(scopes: [["orders:cost"]])
  }
  type Item @key(fields: "sku") { sku: String! stock: Int! text(length: Int!): String }
  type Count { value: Int! text(length: Int!): String }
`;
export const labelsSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated"])
  type Query { labels: Int }
  type Order @key(fields: "id") { id: ID! label: String seenBy: String }
`;

export const composedOf = (orders: string, labels: string): string =>
  composeSupergraph([
    { name: 'orders', source: new Source(orders, 'orders') },
    { name: 'labels', source: new Source(labels, 'labels') },
  ]);

/** Numbers by name that are followed: first as they are, then whenever they change, the newest of each name. */
export class Numbers {
  readonly values = new Map<string, number>();
  readonly #followers = new Set<Following>();

  /** How many streams are open. */
  get followed(): number {
    return this.#followers.size;
  }
  of(name: string): number {
    return this.values.get(name) ?? 0;
  }
  set(name: string, value: number): void {
    this.values.set(name, value);
    for (const follower of this.#followers) follower.hear(name);
  }
  follow(names: readonly string[]): AsyncIterableIterator<string> {
    const follower = new Following(names, () => this.#followers.delete(follower));
    this.#followers.add(follower);
    return follower;
  }
}

class Following implements AsyncIterableIterator<string> {
  readonly #names: ReadonlySet<string>;
  readonly #changed: Set<string>;
  readonly #left: () => void;
  #wake: (() => void) | undefined;
  #over = false;

  constructor(names: readonly string[], left: () => void) {
    this.#names = new Set(names);
    this.#changed = new Set(names);
    this.#left = left;
  }
  hear(name: string): void {
    if (!this.#names.has(name)) return;
    this.#changed.add(name);
    this.#wake?.();
  }
  async next(): Promise<IteratorResult<string>> {
    while (!this.#over) {
      for (const name of this.#changed) {
        this.#changed.delete(name);
        return { value: name, done: false };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return { value: undefined, done: true };
  }
  async return(): Promise<IteratorResult<string>> {
    this.#over = true;
    this.#left();
    this.#wake?.();
    return { value: undefined, done: true };
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** What the subgraphs of these tests hold and do. */
export interface Scene {
  readonly orders: Numbers;
  readonly items: Numbers;
  readonly counts: Numbers;
  /** Labels fail while it is set. */
  labelsFail: boolean;
  labelsAsked: number;
}

type Name = 'orders' | 'labels';

/** A router over HTTP to two subgraphs, one of which has subscriptions. */
export interface LiveGraph {
  readonly router: Router;
  readonly scene: Scene;
  readonly log: Record<string, unknown>[];
  /** Where WebSockets are opened. */
  readonly wsUrl: string;
  start(name: Name): Promise<void>;
  stop(name: Name): Promise<void>;
  token(request?: Partial<Parameters<typeof issueToken>[0]>): Promise<string>;
  /** A client that does not come back by itself. Closed with the graph. */
  client(connectionParams?: Record<string, unknown>): WebSocketClient;
  /** Closes the clients that were opened. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

const silent = createLogger({ name: 'test', level: 'silent' });
const order = (id: string) => ({ id });
const text = (_: unknown, { length }: { length: number }) => 'x'.repeat(length);

export async function runLiveGraph(options: Partial<RouterOptions> = {}): Promise<LiveGraph> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mercato-router-'));
  const keys = loadOrCreateKeys(join(dataDir, 'keys'), ['router']);
  const scene: Scene = {
    orders: new Numbers(),
    items: new Numbers(),
    counts: new Numbers(),
    labelsFail: false,
    labelsAsked: 0,
  };
  const subgraph = (name: Name, sdl: string, resolvers: Record<string, unknown>): Subgraph =>
    createSubgraphServer({
      name,
      typeDefs: parse(sdl),
      resolvers,
      verifier: createViewerVerifier(name, keys.trusted),
      logger: silent,
      context: (call: SubgraphCall) => call,
      policies: () => new Set(['watching']),
      ready: async () => {},
      close: async () => {},
    });
  const ofOrder = (ids: readonly string[]) => ({ subscribe: () => scene.orders.follow(ids), resolve: order });
  const subgraphs: Record<Name, Subgraph> = {
    orders: subgraph('orders', ordersSdl, {
      Query: { order: (_: unknown, { id }: { id: string }) => order(id) },
      Mutation: {
        advance: (_: unknown, { id }: { id: string }) => {
          scene.orders.set(id, scene.orders.of(id) + 1);
          return order(id);
        },
      },
      Subscription: {
        orderUpdated: { subscribe: (_: unknown, { id }: { id: string }) => scene.orders.follow([id]), resolve: order },
        stockChanged: {
          subscribe: (_: unknown, { skus }: { skus: string[] }) => scene.items.follow(skus),
          resolve: (sku: string) => ({ sku }),
        },
        countChanged: { subscribe: () => scene.counts.follow(['all']), resolve: () => ({}) },
        guarded: ofOrder(['1']),
        watched: ofOrder(['1']),
        refused: {
          subscribe: () => {
            throw new GraphQLError('Not this one.', { extensions: { code: 'BAD_USER_INPUT' } });
          },
        },
      },
      Order: {
        status: ({ id }: { id: string }) => scene.orders.of(id),
        viewer: (_: unknown, _args: unknown, { viewer }: SubgraphCall) => viewer.id ?? viewer.kind,
        cost: () => 7,
        text,
      },
      Item: { stock: ({ sku }: { sku: string }) => scene.items.of(sku), text },
      Count: { value: () => scene.counts.of('all'), text },
    }),
    labels: subgraph('labels', labelsSdl, {
      Query: { labels: () => 1 },
      Order: {
        __resolveReference: ({ id }: { id: string }) => order(id),
        label: ({ id }: { id: string }) => {
          scene.labelsAsked += 1;
          if (scene.labelsFail) throw new GraphQLError('No label now.', { extensions: { code: 'BAD_USER_INPUT' } });
          return `Order ${id} is ${scene.orders.of(id)}`;
        },
        seenBy: (_: unknown, _args: unknown, { viewer }: SubgraphCall) => viewer.id ?? viewer.kind,
      },
    }),
  };

  const urls: Partial<Record<Name, string>> = {};
  const running = new Map<Name, () => Promise<void>>();
  const start = async (name: Name) => {
    const { url, close } = await subgraphs[name].listen({ port: 0, host: '127.0.0.1' });
    urls[name] = url;
    running.set(name, close);
  };
  const stop = async (name: Name) => {
    await running.get(name)?.();
    running.delete(name);
  };
  await start('orders');
  await start('labels');

  const log: Record<string, unknown>[] = [];
  const transport = httpTransport({ urlOf: (name) => urls[name as Name] });
  const router = await createRouter({
    supergraphSdl: composedOf(ordersSdl, labelsSdl),
    transport,
    signer: createViewerSigner('router', keys.own.router ?? generateKey()),
    identity: developmentIdentity(dataDir),
    logger: createLogger({ name: 'router', destination: { write: (line) => log.push(JSON.parse(line)) } }),
    port: 0,
    host: '127.0.0.1',
    introspection: true,
    ...options,
    planning: { start: warmThread, ...options.planning },
  });
  const wsUrl = `${router.url.replace('http', 'ws')}/graphql`;
  const clients: WebSocketClient[] = [];
  const leave = async () => {
    for (const client of clients.splice(0)) await client.dispose();
  };
  return {
    router,
    scene,
    log,
    wsUrl,
    start,
    stop,
    token: (request) =>
      issueToken({ dataDir, scopes: [], kind: 'customer', subject: 'ada', expires: '5m', ...request }),
    client(connectionParams) {
      const client = createClient({
        url: wsUrl,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        ...(connectionParams ? { connectionParams } : {}),
      });
      clients.push(client);
      return client;
    },
    leave,
    async close() {
      await leave();
      await router.close();
      await transport.close();
      for (const name of running.keys()) await stop(name);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
