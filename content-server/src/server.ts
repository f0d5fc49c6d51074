import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@mercato/telemetry';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { AssetUrls } from './assets/urls.ts';
import { ContentApiError, envelope, newRequestId } from './errors.ts';
import { Executor } from './http/answer.ts';
import { serveAssets } from './http/assets-route.ts';
import { serveContent } from './http/content-route.ts';
import { EdgeCache } from './http/edge-cache.ts';
import { type Fault, Faults } from './http/faults.ts';
import { serveFaults } from './http/faults-route.ts';
import { RateLimit, requestTooLarge } from './http/rate-limit.ts';
import { mercatoContent } from './model/mercato.ts';
import { buildContentSchema } from './schema/build.ts';
import { loadContent } from './store/load.ts';
import { ContentStore } from './store/store.ts';
import { type ContentToken, Tokens } from './tokens.ts';

export interface ContentServerOptions {
  /** 0 takes a free one. */
  port: number;
  host: string;
  /** Where clients reach this server, when that differs from host and port; asset URLs begin with it. */
  publicUrl?: string | undefined;
  /** Folder of content files, one a model; this package's own by default. */
  dataDir?: string | undefined;
  /** Permanent auth tokens. Without any, published content is open to all. */
  tokens?: readonly ContentToken[] | undefined;
  faults?: { adminToken?: string | undefined; initial?: Fault | undefined } | undefined;
  limits?: { requestBytes?: number | undefined; requestsPerSecond?: number | undefined } | undefined;
  /** How long the cached endpoint keeps an answer, in milliseconds; 60,000 by default. */
  edgeFreshMs?: number | undefined;
  logger: Logger;
}

export interface ContentServer {
  /** The Content API. */
  url: string;
  /** The same, cached. */
  cdnUrl: string;
  faults: Faults;
  close(): Promise<void>;
}

const project = 'mercato';
const environment = 'master';
const ownContent = fileURLToPath(new URL('../content', import.meta.url));

/** Body size of the smallest plan. */
const smallestPlanBytes = 10_240;

/** Starts a local Content API. @throws Error when the port is taken or a content file is wrong. */
export async function createContentServer(options: ContentServerOptions): Promise<ContentServer> {
  const { port, host, logger, limits = {} } = options;
  const { snapshots, drawings } = await loadContent(options.dataDir ?? ownContent, mercatoContent);
  const requestBytes = limits.requestBytes ?? smallestPlanBytes;
  const server = fastify({
    genReqId: newRequestId,
    forceCloseConnections: true,
    logger: false,
    routerOptions: { maxParamLength: 2000 },
  });
  const faults = new Faults();
  if (options.faults?.initial) faults.set(options.faults.initial);
  answerFailures(server, logger, requestBytes);

  let address = '';
  const path = `/v2/${project}/${environment}`;
  const cachedPath = `/content/${project}/${environment}`;
  const api = {
    content: mercatoContent,
    store: new ContentStore(mercatoContent, snapshots),
    executor: new Executor(buildContentSchema(mercatoContent)),
    tokens: new Tokens(options.tokens ?? []),
    assets: new AssetUrls(() => `${address}/assets/${project}`),
    faults,
    edge: new EdgeCache(options.edgeFreshMs ?? 60_000),
    rateLimit: limits.requestsPerSecond === undefined ? null : new RateLimit(limits.requestsPerSecond),
    requestBytes,
  };
  serveContent(server, api, path, cachedPath);
  serveAssets(server, project, drawings);
  server.get('/health', async () => ({ status: 'ok' }));
  if (options.faults?.adminToken) serveFaults(server, faults, options.faults.adminToken);

  await server.listen({ port, host });
  const local = `http://${hostInUrl(host)}:${portOf(server)}`;
  address = (options.publicUrl ?? local).replace(/\/$/, '');
  return { url: `${local}${path}`, cdnUrl: `${local}${cachedPath}`, faults, close: () => server.close() };
}

/** Every failure has the dialect's envelope; what was no refusal is logged and tells nothing. */
function answerFailures(server: FastifyInstance, logger: Logger, requestBytes: number): void {
  server.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send(envelope(request.id, [{ message: 'not found', extensions: { code: '404' } }])),
  );
  server.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const refusal = refusalOf(error, requestBytes);
    if (!refusal) logger.error({ err: error, contentRequestId: request.id }, 'The content server failed to answer');
    const told = refusal ?? new ContentApiError(500, 'internal server error', { code: '500' });
    return reply.code(told.status).send(envelope(request.id, [told.body]));
  });
}

function refusalOf(error: FastifyError, requestBytes: number): ContentApiError | null {
  if (error instanceof ContentApiError) return error;
  if (error.statusCode === 413) return requestTooLarge(requestBytes);
  return error.statusCode !== undefined && error.statusCode < 500
    ? new ContentApiError(error.statusCode, error.message)
    : null;
}

const hostInUrl = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

function portOf(server: FastifyInstance): number {
  const address = server.server.address();
  if (!isAddress(address)) throw new Error('The content server listens on no TCP port.');
  return address.port;
}
