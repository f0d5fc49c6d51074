import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@mercato/telemetry';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type ContentServer, type ContentServerOptions, createContentServer } from '../src/index.ts';
import { mercatoContent } from '../src/model/mercato.ts';

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
  extensions: z.object({ requestId: z.string() }).optional(),
});

export interface Asked {
  status: number;
  data: Record<string, unknown> | null | undefined;
  errors: { message: string; extensions?: Record<string, unknown> | undefined }[];
  requestId: string | undefined;
}

export interface AskOptions {
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
  token?: string;
  url?: string;
  signal?: AbortSignal;
}

export interface RunningServer extends ContentServer {
  /** Sends a query over HTTP and reads the answer. */
  ask(query: string, options?: AskOptions): Promise<Asked>;
  send(query: string, options?: AskOptions): Promise<Response>;
}

/** A server on a free port that stops with the test file or test that started it. */
export async function startContentServer(options: Partial<ContentServerOptions> = {}): Promise<RunningServer> {
  const logger = createLogger({ name: 'content-server', level: 'silent' });
  const server = await createContentServer({ port: 0, host: '127.0.0.1', logger, ...options });
  const send = (query: string, { variables, headers, token, url = server.url, signal }: AskOptions = {}) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
      ...(signal ? { signal } : {}),
    });
  const ask = async (query: string, given?: AskOptions): Promise<Asked> => {
    const response = await send(query, given);
    const { data, errors = [], extensions } = answer.parse(await response.json());
    return { status: response.status, data, errors, requestId: extensions?.requestId };
  };
  return { ...server, ask, send };
}

/** The same, for one test. */
export async function aContentServer(options: Partial<ContentServerOptions> = {}): Promise<RunningServer> {
  const server = await startContentServer(options);
  onTestFinished(() => server.close());
  return server;
}

/** A folder of content files: the given entries, and none of the other models. */
export async function aContentFolder(entries: Record<string, readonly object[]>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mercato-content-'));
  for (const { name } of mercatoContent.models) {
    await writeFile(join(folder, `${name}.json`), JSON.stringify(entries[name] ?? []));
  }
  return folder;
}

/** A number of FAQs with positions 1, 2, 3 …, created in this order. */
export const numberedFaqs = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({
    key: `faq-${n + 1}`,
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
    publishedAt: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
    fields: { position: n + 1, category: n % 2 ? 'even' : 'odd' },
    localizations: { en: { question: `Question ${n + 1}` } },
  }));
