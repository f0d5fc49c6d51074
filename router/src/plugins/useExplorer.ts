import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the explorer stands. */
export const explorerPath = '/graphiql';

const built = fileURLToPath(new URL('../../dist/explorer/', import.meta.url));

/** Nothing is loaded from or sent to anywhere else; Monaco writes styles into the page and makes workers of blobs. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** GraphiQL, from files of our own: it works without internet. */
export async function useExplorer(server: FastifyInstance): Promise<void> {
  if (!existsSync(built)) {
    server.get(explorerPath, async (_request, reply) =>
      reply.code(503).type('text/plain').send('The explorer is not built yet; run: npm run generate\n'),
    );
    return;
  }
  await server.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', contentSecurityPolicy).header('x-content-type-options', 'nosniff');
    });
    // The page's files are relative to it: its address must end in a slash.
    scope.get(explorerPath, async (_request, reply) => reply.redirect(`${explorerPath}/`));
    await scope.register(files, {
      root: built,
      prefix: `${explorerPath}/`,
      cacheControl: false,
      setHeaders(reply, path) {
        // Names of assets carry a hash of what is in them.
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
}
