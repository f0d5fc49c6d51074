import type { ViewerSigner } from '@mercato/auth';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Identity } from '../identity/identity.ts';
import { headersForSubgraph } from './headers-for-subgraph.ts';

export interface MountSettings {
  readonly mounted: Readonly<Record<string, FastifyPluginAsync | undefined>>;
  readonly identity: Identity;
  readonly signer: ViewerSigner;
}

/** HTTP routes of subgraphs that run in this process: they see the same headers as behind the pass-through. */
export async function useSubgraphRoutes(server: FastifyInstance, { mounted, ...trust }: MountSettings): Promise<void> {
  for (const [subgraph, routes] of Object.entries(mounted)) {
    if (!routes) continue;
    await server.register(async (scope) => {
      scope.addHook('onRequest', async (request) => {
        const { host, 'transfer-encoding': transferEncoding } = request.headers;
        const headers = await headersForSubgraph(request, subgraph, trust);
        for (const name of Object.keys(request.headers)) delete request.headers[name];
        // Without these two Node's own reading of the request would not be described by its headers any more.
        Object.assign(
          request.headers,
          headers,
          { host },
          transferEncoding && { 'transfer-encoding': transferEncoding },
        );
      });
      await scope.register(routes);
    });
  }
}
