import type { FastifyPluginAsync } from 'fastify';
import { deliverPicture, readSide } from '../domain/media/deliver-picture.ts';
import { largestSide } from '../domain/media/picture-url.ts';
import { placeholderKey } from '../domain/media/placeholder.ts';
import type { TransformCache } from '../domain/media/transform-cache.ts';
import type { Storage } from '../domain/storage/storage.ts';

interface MediaRequest {
  Params: { key: string };
  Querystring: { w?: string; h?: string; fit?: string };
}

/** `GET /media/:key?w=&h=&fit=`: pictures for anybody, as they are or made smaller. */
export const mediaRoutes =
  (dependencies: { storage: Storage; cache: TransformCache }): FastifyPluginAsync =>
  async (server) => {
    server.get<MediaRequest>('/media/:key', async ({ params: { key }, query, headers }, reply) => {
      const width = readSide(query.w);
      const height = readSide(query.h);
      if (width === undefined || height === undefined) {
        return reply.code(400).send({ error: { message: `w and h want whole numbers from 1 to ${largestSide}.` } });
      }
      if (query.fit !== undefined && query.fit !== 'crop' && query.fit !== 'scale') {
        return reply.code(400).send({ error: { message: 'fit wants scale or crop.' } });
      }
      // The name says all of the content, so the tag needs no look at it.
      const etag = `"${key}-${width ?? ''}x${height ?? ''}-${query.fit ?? 'scale'}"`;
      const picture = await deliverPicture(dependencies, key, { width, height, fit: query.fit ?? 'scale' });
      if (!picture) return reply.code(404).send({ error: { message: 'There is no such picture.' } });

      reply
        .header('etag', etag)
        .header('cache-control', `public, max-age=${key === placeholderKey ? 3_600 : 31_536_000}, immutable`)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin');
      if (headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type(picture.type).send(picture.content);
    });
  };
