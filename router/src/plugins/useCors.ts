import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

/** The pages of Apollo's explorers. */
const apolloOrigins = [
  'https://studio.apollographql.com',
  'https://sandbox.embed.apollographql.com',
  'https://explorer.embed.apollographql.com',
];

/** Lets pages of the named origins call. Without credentials: tokens travel in headers, there are no cookies. */
export async function useCors(server: FastifyInstance, { origins }: { origins: readonly string[] }): Promise<void> {
  await server.register(cors, {
    origin: origins.includes('*') ? '*' : [...apolloOrigins, ...origins],
    credentials: false,
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-request-id'],
    maxAge: 86_400,
  });
}
