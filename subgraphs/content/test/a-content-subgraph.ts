import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContentServer, type ContentServerOptions, createContentServer } from '@mercato/content-server';
import type { Subgraph } from '@mercato/subgraph-server';
import { createLogger, type Logger } from '@mercato/telemetry';
import { testLogger, trustedKeys } from '@mercato/testkit';
import { onTestFinished } from 'vitest';
import { type ContentSettings, createSubgraph } from '../src/subgraph.ts';

const quiet = createLogger({ name: 'content-server', level: 'silent' });

/** A real Content API on a free port, or the given one, that stops with the test. */
export async function aCms(options: Partial<ContentServerOptions> = {}): Promise<ContentServer> {
  const server = await createContentServer({ port: 0, host: '127.0.0.1', logger: quiet, ...options });
  onTestFinished(() => server.close());
  return server;
}

interface Settings {
  hygraph: Partial<ContentSettings['hygraph']>;
  cache: ContentSettings['cache'];
  logger: Logger;
}

/** The subgraph, in front of a CMS at an address. */
export async function aSubgraph(
  endpoint: string,
  { hygraph, cache, logger = testLogger('content') }: Partial<Settings> = {},
): Promise<Subgraph> {
  const subgraph = await createSubgraph({
    hygraph: { endpoint, ...hygraph },
    cache,
    trustedKeys,
    logger,
  });
  onTestFinished(() => subgraph.close());
  return subgraph;
}

/** Counts the requests that reach a CMS from now on, by letting each through with a delay of nothing. */
export function countingRequests(cms: ContentServer): () => number {
  cms.faults.set({ mode: 'latency', ms: 0 });
  return () => cms.faults.state.hits;
}

/** A server that answers whatever a test wants: what no Content API should, but some server somewhere does. */
export async function aServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server listens on no TCP port.');
  return `http://127.0.0.1:${address.port}/v2/project/master`;
}

const models = [
  'Asset',
  'User',
  'ProductContent',
  'ListingContent',
  'BlogPost',
  'Author',
  'Faq',
  'Page',
  'Navigation',
  'Banner',
];

/** A folder of content: the given entries, and none of the other models. */
export async function aContentFolder(entries: Record<string, readonly object[]>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-content-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of models) await writeFile(join(folder, `${name}.json`), JSON.stringify(entries[name] ?? []));
  return folder;
}

/** An entry as content files have it, published on a day counted from 1 January 2026. */
export const anEntry = (
  key: string,
  { day = 0, fields = {}, ...localizations }: { day?: number; fields?: object; en?: object; de?: object },
): object => {
  const at = new Date(Date.UTC(2026, 0, 1 + day)).toISOString();
  return { key, createdAt: at, publishedAt: at, fields, localizations };
};

export const contentOfProducts = `query ($representations: [_Any!]!, $locale: Locale) {
  _entities(representations: $representations) { ... on Product { handle content(locale: $locale) { locale headline } } }
}`;

export const products = (handles: readonly string[]) => handles.map((handle) => ({ __typename: 'Product', handle }));
