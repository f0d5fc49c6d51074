import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createViewerSigner, createViewerVerifier, generateKey, loadOrCreateKeys } from '@mercato/auth';
import { type Announced, connectRegistry, subgraphInstances } from '@mercato/registry';
import { composeSupergraph } from '@mercato/schema/compose';
import { httpTransport } from '@mercato/subgraph-client';
import { createSubgraphServer, type SubgraphCall } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { parse, Source } from 'graphql';
import { vi } from 'vitest';
import { createRouter, developmentIdentity, type Router } from '../../src/index.ts';
import { type PublishedSourceSettings, publishedSource } from '../../src/schema-lifecycle/published-source.ts';
import { type Answered, ask } from './running-graph.ts';
import { warmThread } from './warm-threads.ts';

/** An instance of a subgraph that is announced with what it serves. */
export interface RunningInstance {
  readonly announced: Announced;
  /** It says that it ends, answers a while longer, and ends. */
  leave(): Promise<void>;
  /** It is gone without a word. */
  vanish(): Promise<void>;
}

/** A router that serves what its subgraphs publish. */
export interface PublishedGraph {
  readonly router: Router;
  readonly log: Record<string, unknown>[];
  /** The instance that was there first ends. */
  leave(subgraph: string): Promise<void>;
  /** An instance whose root fields are all null. */
  start(subgraph: string, sdl: string): Promise<RunningInstance>;
  /** Publishes an SDL that nobody serves. */
  announce(subgraph: string, sdl: string): Promise<Announced>;
  ask(query: string): Promise<Answered>;
  close(): Promise<void>;
}

const silent = createLogger({ name: 'test', level: 'silent' });
const rhythm = { heartbeatMs: 100, leaseMs: 500, readMs: 50, missedMs: 100 };

export async function publishedGraph(
  given: Readonly<Record<string, string>>,
  settings: Partial<PublishedSourceSettings> = {},
): Promise<PublishedGraph> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mercato-published-'));
  const keys = loadOrCreateKeys(join(dataDir, 'keys'), ['router']);
  const url = pathToFileURL(join(dataDir, 'registry')).href;
  const registry = connectRegistry(url, { logger: silent, rhythm });
  const instances = await subgraphInstances({ urls: {}, registry, logger: silent });
  const transport = httpTransport({ instances });
  const log: Record<string, unknown>[] = [];
  const logger = createLogger({ name: 'router', destination: { write: (line) => log.push(JSON.parse(line)) } });
  const closing = new Set<() => Promise<void>>();

  const start = async (subgraph: string, sdl: string): Promise<RunningInstance> => {
    const own = connectRegistry(url, { logger: silent, rhythm });
    const { url: address, close } = await createSubgraphServer({
      name: subgraph,
      typeDefs: parse(sdl),
      resolvers: {},
      verifier: createViewerVerifier(subgraph, keys.trusted),
      logger: silent,
      context: (call: SubgraphCall) => call,
      ready: async () => {},
      close: async () => {},
    }).listen({ port: 0, host: '127.0.0.1' });
    const announced = await own.announce({ subgraph, url: address, sdl });
    const vanish = async () => {
      closing.delete(vanish);
      await own.close();
      await close();
    };
    closing.add(vanish);
    return {
      announced,
      async leave() {
        await announced.drain();
        await vi.waitFor(() => {
          const { draining } = instances.instancesOf(subgraph).find(({ id }) => id === announced.id) ?? {};
          if (!draining) throw new Error('The router has not heard of it.');
        });
        await announced.withdraw();
        await vanish();
      },
      vanish,
    };
  };
  const first: Record<string, RunningInstance> = {};
  for (const [subgraph, sdl] of Object.entries(given)) first[subgraph] = await start(subgraph, sdl);

  const router = await createRouter({
    supergraphSdl: composeSupergraph(
      Object.entries(given).map(([name, sdl]) => ({ name, source: new Source(sdl, name) })),
    ),
    schemaSource: publishedSource(await registry.schemas(), {
      checks: 'refuse',
      settle: 20,
      every: 0,
      ...settings,
      logger,
    }),
    transport,
    signer: createViewerSigner('router', keys.own.router ?? generateKey()),
    identity: developmentIdentity(dataDir),
    logger,
    port: 0,
    host: '127.0.0.1',
    introspection: true,
    planning: { start: warmThread },
  });
  return {
    router,
    log,
    leave: async (subgraph) => first[subgraph]?.leave(),
    start,
    async announce(subgraph, sdl) {
      const own = connectRegistry(url, { logger: silent, rhythm });
      closing.add(() => own.close());
      return own.announce({ subgraph, url: `http://127.0.0.1:9/${subgraph}`, sdl });
    },
    ask: (query) => ask(router.url, query),
    async close() {
      await router.close();
      for (const close of closing) await close();
      await transport.close();
      await instances.close();
      await registry.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
