import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** The pages of Apollo's explorers. */
const apolloOrigins = [
  'https://studio.apollographql.com',
  'https://sandbox.embed.apollographql.com',
  'https://explorer.embed.apollographql.com',
];

/** `http://localhost:*` is that host on any port, where development servers choose theirs. */
function withAnyPort(origin: string): string | RegExp {
  if (!origin.endsWith(':*')) return origin;
  const host = origin.slice(0, -':*'.length).replaceAll(/[.[\]]/g, '\\$&');
  return new RegExp(`^${host}(:\\d+)?$`);
}

/** Lets pages of the named origins call. Without credentials: tokens travel in headers, there are no cookies. */
export async function useCors(server: FastifyInstance, { origins }: { origins: readonly string[] }): Promise<void> {
  await server.register(cors, {
    origin: origins.includes('*') ? '*' : [...apolloOrigins, ...origins.map(withAnyPort)],
    credentials: false,
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after'],
    maxAge: 86_400,
  });
}
