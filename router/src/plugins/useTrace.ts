import { runInTrace, type Trace, traceFromHeaders } from '@mercato/telemetry';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace;
  }
}

/** Gives each request its id, which the answer carries as `x-request-id`, and ties all its log lines to it. */
export function useTrace(server: FastifyInstance): void {
  server.decorateRequest('trace');
  server.addHook('onRequest', (request, reply, done) => {
    request.trace = traceFromHeaders(request.headers);
    reply.header('x-request-id', request.trace.requestId);
    runInTrace(request.trace, done);
  });
  // Reading the body leaves the asynchronous context of the hook above.
  server.addHook('preHandler', (request, _reply, done) => runInTrace(request.trace, done));
}
