import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createViewerSigner, createViewerVerifier, generateKey, loadOrCreateKeys } from '@mercato/auth';
import { composeSupergraph } from '@mercato/schema/compose';
import { httpTransport } from '@mercato/subgraph-client';
import { createSubgraphServer, type SubgraphCall } from '@mercato/subgraph-server';
import { createLogger } from '@mercato/telemetry';
import { parse, Source } from 'graphql';
import { createRouter, developmentIdentity, issueToken, type Router, type RouterOptions } from '../../src/index.ts';
import { warmThread } from './warm-threads.ts';

export interface SubgraphOfTest {
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, unknown>>;
}

/** A router over HTTP to subgraphs that a test thinks of. */
export interface GraphOfTest {
  readonly router: Router;
  /** Lines that the router logged. */
  readonly log: Record<string, unknown>[];
  bearer(kind: 'customer' | 'partner' | 'staff', ...scopes: string[]): Promise<{ authorization: string }>;
  close(): Promise<void>;
}

const supergraphs = new Map<string, string>();

/** Many tests have the same subgraphs, and composing takes longer than asking them. */
function composed(sources: { name: string; source: Source }[]): string {
  const key = JSON.stringify(sources.map(({ name, source }) => [name, source.body]));
  const known = supergraphs.get(key) ?? composeSupergraph(sources);
  supergraphs.set(key, known);
  return known;
}

const silent = createLogger({ name: 'test', level: 'silent' });

export async function graphOf(
  subgraphs: Readonly<Record<string, SubgraphOfTest>>,
  options: Partial<RouterOptions> = {},
): Promise<GraphOfTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mercato-router-'));
  const keys = loadOrCreateKeys(join(dataDir, 'keys'), ['router']);
  const urls = new Map<string, string>();
  const closing: (() => Promise<void>)[] = [];
  for (const [name, { sdl, resolvers }] of Object.entries(subgraphs)) {
    const { url, close } = await createSubgraphServer({
      name,
      typeDefs: parse(sdl),
      resolvers,
      verifier: createViewerVerifier(name, keys.trusted),
      logger: silent,
      context: (call: SubgraphCall) => call,
      ready: async () => {},
      close: async () => {},
    }).listen({ port: 0, host: '127.0.0.1' });
    urls.set(name, url);
    closing.push(close);
  }
  const transport = httpTransport({ urlOf: (name) => urls.get(name) });
  const log: Record<string, unknown>[] = [];
  const sources = Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, source: new Source(sdl, name) }));
  const cleanUp = async () => {
    await transport.close();
    for (const close of closing) await close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  const router = await createRouter({
    supergraphSdl: composed(sources),
    transport,
    signer: createViewerSigner('router', keys.own.router ?? generateKey()),
    identity: developmentIdentity(dataDir),
    logger: createLogger({ name: 'router', destination: { write: (line) => log.push(JSON.parse(line)) } }),
    port: 0,
    host: '127.0.0.1',
    introspection: true,
    ...options,
    planning: { start: warmThread, ...options.planning },
  }).catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });
  return {
    router,
    log,
    bearer: async (kind, ...scopes) => ({
      authorization: `Bearer ${await issueToken({ dataDir, scopes, kind, subject: 'ada', expires: '5m' })}`,
    }),
    async close() {
      await router.close();
      await cleanUp();
    },
  };
}
