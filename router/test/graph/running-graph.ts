import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createViewerSigner, generateKey, loadOrCreateKeys } from '@mercato/auth';
import { composeSupergraph } from '@mercato/schema/compose';
import { httpTransport } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { Source } from 'graphql';
import { createRouter, developmentIdentity, issueToken, type Router, type RouterOptions } from '../../src/index.ts';
import { type Behaviour, behaviour, catalog, catalogSdl, stock, stockSdl } from './shop.ts';
import { warmThread } from './warm-threads.ts';

export const supergraphSdl = composeSupergraph([
  { name: 'catalog', source: new Source(catalogSdl, 'catalog.graphql') },
  { name: 'stock', source: new Source(stockSdl, 'stock.graphql') },
]);

type SubgraphOfTests = 'catalog' | 'stock';

/** A router over HTTP to two real subgraphs, each of which can be stopped, started and pointed elsewhere. */
export interface RunningGraph {
  readonly router: Router;
  readonly seen: Readonly<Record<SubgraphOfTests, Behaviour>>;
  readonly urls: Partial<Record<SubgraphOfTests, string>>;
  /** Lines that the router logged. */
  readonly log: Record<string, unknown>[];
  readonly dataDir: string;
  start(name: SubgraphOfTests): Promise<void>;
  stop(name: SubgraphOfTests): Promise<void>;
  token(request?: Partial<Parameters<typeof issueToken>[0]>): Promise<string>;
  ask(query: string, options?: AskOptions): Promise<Answered>;
  close(): Promise<void>;
}

export interface AskOptions {
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  data: Record<string, unknown> | null | undefined;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

/** @param mount serves the subgraphs' own HTTP routes in the router's process */
export async function runGraph(
  options: Partial<RouterOptions> = {},
  up: SubgraphOfTests[] = ['catalog', 'stock'],
  { mount = false } = {},
): Promise<RunningGraph> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mercato-router-'));
  const keys = loadOrCreateKeys(join(dataDir, 'keys'), ['router']);
  const seen = { catalog: behaviour(), stock: behaviour() };
  const subgraphs = { catalog: catalog(seen.catalog, keys.trusted), stock: stock(seen.stock, keys.trusted) };
  const urls: RunningGraph['urls'] = {};
  const running = new Map<SubgraphOfTests, () => Promise<void>>();
  const log: Record<string, unknown>[] = [];

  const start = async (name: SubgraphOfTests) => {
    const { url, close } = await subgraphs[name].listen({ port: 0, host: '127.0.0.1' });
    urls[name] = url;
    running.set(name, close);
  };
  const stop = async (name: SubgraphOfTests) => {
    await running.get(name)?.();
    running.delete(name);
  };
  for (const name of up) await start(name);

  const transport = httpTransport({ urlOf: (name) => urls[name as SubgraphOfTests] });
  const cleanUp = async () => {
    await transport.close();
    for (const name of running.keys()) await stop(name);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const router = await createRouter({
    supergraphSdl,
    transport,
    signer: createViewerSigner('router', keys.own.router ?? generateKey()),
    identity: developmentIdentity(dataDir),
    logger: createLogger({ name: 'router', destination: { write: (line) => log.push(JSON.parse(line)) } }),
    port: 0,
    host: '127.0.0.1',
    introspection: true,
    ...(mount ? { mounted: { catalog: subgraphs.catalog.routes, stock: subgraphs.stock.routes } } : {}),
    ...options,
    planning: { start: warmThread, ...options.planning },
  }).catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });

  return {
    router,
    seen,
    urls,
    log,
    dataDir,
    start,
    stop,
    token: (request) => issueToken({ dataDir, scopes: [], kind: 'staff', subject: 'ada', expires: '5m', ...request }),
    ask: (query, asked) => ask(router.url, query, asked),
    async close() {
      await router.close();
      await cleanUp();
    },
  };
}

export async function ask(
  url: string,
  query: string,
  { variables, headers, signal }: AskOptions = {},
): Promise<Answered> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  const { data, errors = [] } = JSON.parse(text);
  return { status: response.status, headers: response.headers, text, data, errors };
}
