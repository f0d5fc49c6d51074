import type { Readable } from 'node:stream';
import { requireScopes, type ViewerVerifier } from '@mercato/auth';
import type { FastifyPluginAsync } from 'fastify';
import { GraphQLError } from 'graphql';
import type { ProductsDatabase } from '../domain/database.ts';
import { saveUpload } from '../domain/imports/start-import.ts';
import { type Storage, TooLargeError } from '../domain/storage/storage.ts';

export interface UploadOptions {
  readonly database: ProductsDatabase;
  readonly storage: Storage;
  readonly verifier: ViewerVerifier;
  readonly mostBytes: number;
}

/**
 * `POST /uploads/catalog`: the body, byte for byte, is kept for a `catalogImportStart`, which names it by the
 * `uploadId` of the answer. It streams into the storage; nothing of it is held in memory.
 */
export const uploadRoutes =
  ({ database, storage, verifier, mostBytes }: UploadOptions): FastifyPluginAsync =>
  async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    server.post<{ Body: Readable | undefined }>(
      '/uploads/catalog',
      { bodyLimit: mostBytes },
      async (request, reply) => {
        try {
          const viewer = await verifier.verify(request.headers.authorization);
          requireScopes(viewer, [['catalog:write']]);
          const content: AsyncIterable<Uint8Array> = request.body ?? request.raw;
          const upload = await saveUpload({ database, storage }, { content, mostBytes, createdBy: viewer.id });
          return reply.code(201).send({ uploadId: upload.id, bytes: upload.bytes });
        } catch (error) {
          if (error instanceof TooLargeError) {
            const message = `A catalog file may hold at most ${mostBytes} bytes; split it.`;
            return reply.code(413).header('connection', 'close').send({ error: { message } });
          }
          const code = error instanceof GraphQLError ? error.extensions.code : undefined;
          if (error instanceof GraphQLError && (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN')) {
            return reply
              .code(code === 'FORBIDDEN' ? 403 : 401)
              .header('connection', 'close')
              .send({ error: { message: error.message } });
          }
          throw error;
        }
      },
    );
  };
