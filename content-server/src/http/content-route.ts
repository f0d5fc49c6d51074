import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AssetUrls } from '../assets/urls.ts';
import { ContentApiError } from '../errors.ts';
import type { ContentModel } from '../model/description.ts';
import { Reader } from '../query/reader.ts';
import type { ContentStore } from '../store/store.ts';
import type { Tokens } from '../tokens.ts';
import type { Answer, Executor } from './answer.ts';
import { type EdgeCache, stalenessFrom } from './edge-cache.ts';
import type { Faults } from './faults.ts';
import { localesFromHeader, stageFromHeader } from './headers.ts';
import { type RateLimit, requestTooLarge, tooManyRequests } from './rate-limit.ts';

export interface ContentApi {
  content: ContentModel;
  store: ContentStore;
  executor: Executor;
  tokens: Tokens;
  assets: AssetUrls;
  faults: Faults;
  edge: EdgeCache;
  rateLimit: RateLimit | null;
  /** Greatest body of a request in bytes. */
  requestBytes: number;
}

/** Serves the API at its own address and at the cached one. Only the former is limited in requests a second. */
export function serveContent(server: FastifyInstance, api: ContentApi, path: string, cachedPath: string): void {
  server.post(path, { bodyLimit: api.requestBytes }, async (request, reply) => {
    api.rateLimit?.demand();
    return send(reply, await answerWithFaults(api, request));
  });

  server.post(cachedPath, { bodyLimit: api.requestBytes }, async (request, reply) => {
    const key = [JSON.stringify(request.body), ...identityHeaders.map((name) => String(request.headers[name] ?? ''))];
    return send(
      reply,
      await api.edge.answer(key, stalenessFrom(request.headers), () => answerWithFaults(api, request)),
    );
  });
}

const send = (reply: FastifyReply, { status, body }: Answer): FastifyReply =>
  reply.code(status).type('application/json').send(body);

const identityHeaders = ['authorization', 'gcms-stage', 'gcms-locales'];

/** The answer, or what a fault makes of it. One that hangs ends when the client or the server goes. */
async function answerWithFaults(api: ContentApi, request: FastifyRequest): Promise<Answer> {
  const fault = api.faults.take();
  switch (fault?.mode) {
    case 'hang':
      return new Promise<never>(() => {});
    case '500':
      throw new ContentApiError(500, 'internal server error', { code: '500' });
    case '429':
      throw tooManyRequests();
    case '413':
      throw requestTooLarge(api.requestBytes);
    case 'garbage':
      return { status: 200, body: '{"data":{"productContents":[{"handle":' };
    case 'latency':
      await delay(fault.ms);
      return answer(api, request);
    case undefined:
      return answer(api, request);
  }
}

async function answer(api: ContentApi, { headers, body, id }: FastifyRequest): Promise<Answer> {
  const access = api.tokens.accessOf(headers.authorization);
  const context = {
    reader: new Reader(api.content, api.store, access),
    assets: api.assets,
    stage: stageFromHeader(single(headers['gcms-stage'])) ?? access.defaultStage,
    locales: localesFromHeader(single(headers['gcms-locales']), api.content.locales) ?? [api.content.locales[0]],
  };
  return api.executor.answer(body, context, id);
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(',') : value;
