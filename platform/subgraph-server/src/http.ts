import { type Drain, drainOf } from '@mercato/drain';
import type { Logger } from '@mercato/telemetry';
import { exposition } from '@mercato/telemetry/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { z } from 'zod';
import { streamEvents } from './stream-events.ts';
import type { Subgraph } from './subgraph.ts';

const body = z.object({
  query: z.string(),
  variables: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? undefined),
  operationName: z
    .string()
    .nullish()
    .transform((value) => value ?? undefined),
});

const bodyLimit = 8 * 1024 * 1024;

/**
 * GraphQL over HTTP for the router and other services: POST with JSON, nothing else. Clients, browsers, batching,
 * GET and CSRF are the router's concern; here a call without a valid token gets 401. A subscription that accepts
 * text/event-stream is streamed ("distinct connections" of GraphQL over SSE); one that is refused is answered as JSON.
 */
export async function createHttpServer(
  subgraph: Subgraph,
  logger: Logger,
): Promise<{ server: FastifyInstance; drain: Drain }> {
  const server = fastify({
    logger: false,
    bodyLimit,
    forceCloseConnections: 'idle',
    // Who still sends while it closes is answered, and told to close the connection.
    return503OnClosing: false,
  });
  const drain = drainOf(server);

  server.post('/graphql', async (request, reply) => {
    const parsed = body.safeParse(request.body);
    if (!parsed.success) {
      const message = `The body wants {"query": string, "variables"?: object, "operationName"?: string}.`;
      return reply.code(400).send({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    const gone = new AbortController();
    const timeoutMs = Number(headers['x-mercato-timeout-ms']);
    const timer = Number.isFinite(timeoutMs) && timeoutMs > 0 ? setTimeout(() => gone.abort(), timeoutMs) : undefined;
    reply.raw.once('close', () => {
      clearTimeout(timer);
      gone.abort();
    });
    const streams = request.headers.accept?.includes('text/event-stream') ?? false;
    const answer = await subgraph[streams ? 'subscribe' : 'answer'](parsed.data, headers, gone.signal);
    if (Symbol.asyncIterator in answer) {
      // It took no longer to begin than its caller waits; now it goes on for as long as somebody follows.
      clearTimeout(timer);
      reply.hijack();
      drain.streams(reply.raw);
      return streamEvents(reply.raw, answer);
    }
    const refused = answer.data === undefined && answer.errors?.[0]?.extensions?.code === 'UNAUTHENTICATED';
    // As bytes: a text would be measured, and then translated into a buffer of three times its size.
    const written = Buffer.from(JSON.stringify(answer));
    return reply
      .code(refused ? 401 : 200)
      .type('application/json; charset=utf-8')
      .send(written);
  });

  // As health: for those within, whom the router does not pass anything on to.
  const metrics = exposition();
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) => {
    try {
      await subgraph.ready();
      return { status: 'ok' };
    } catch (error) {
      logger.warn({ err: error }, 'Not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });
  // The router passes some paths through: clients read errors in one way.
  server.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .send({ errors: [{ message: 'There is nothing at this address.', extensions: { code: 'NOT_FOUND' } }] }),
  );
  if (subgraph.routes) await server.register(subgraph.routes);
  return { server, drain };
}
