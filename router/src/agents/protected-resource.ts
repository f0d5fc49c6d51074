import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { httpOf } from '../errors.ts';

const path = '/.well-known/oauth-protected-resource/mcp';

/**
 * Tells agents whose tokens hold here, so that they can send their users there to get one:
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization and RFC 9728. Without the address that clients
 * use, or anybody whom tokens can be got from, there is nothing to tell.
 */
export class ProtectedResource {
  readonly #metadataUrl: string | undefined;

  constructor(server: FastifyInstance, publicUrl: string | undefined, authorizationServers: readonly string[]) {
    if (!publicUrl || authorizationServers.length === 0) return;
    const base = publicUrl.replace(/\/+$/, '');
    this.#metadataUrl = `${base}${path}`;
    const metadata = {
      resource: `${base}/mcp`,
      authorization_servers: authorizationServers,
      bearer_methods_supported: ['header'],
    };
    server.get(path, async (_request, reply) => reply.header('cache-control', 'public, max-age=3600').send(metadata));
  }

  /** The refusal of a credential, with the advice where to get another. */
  challenge(error: unknown): unknown {
    if (this.#metadataUrl === undefined || !(error instanceof GraphQLError)) return error;
    const { status, headers } = httpOf(error);
    const asked = headers['www-authenticate'];
    if (asked === undefined) return error;
    const advised = { ...headers, 'www-authenticate': `${asked}, resource_metadata="${this.#metadataUrl}"` };
    return new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status, headers: advised } } });
  }
}
