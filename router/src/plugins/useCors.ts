import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Origins } from '../http/origins.ts';

/** Lets pages of the named origins call. Without credentials: tokens travel in headers, there are no cookies. */
export async function useCors(server: FastifyInstance, { origins }: { origins: Origins }): Promise<void> {
  await server.register(cors, {
    origin: origins === '*' ? '*' : [...origins],
    credentials: false,
    methods: ['GET', 'POST', 'OPTIONS'],
    exposedHeaders: ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after', 'www-authenticate'],
    maxAge: 86_400,
  });
}
