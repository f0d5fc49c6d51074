import { type Trace, traceFromHeaders } from '@mercato/telemetry';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace;
  }
}

/** Gives each request its id, which the answer carries as `x-request-id`. */
export function useTrace(server: FastifyInstance): void {
  server.decorateRequest('trace');
  server.addHook('onRequest', (request, reply, done) => {
    request.trace = traceFromHeaders(request.headers);
    reply.header('x-request-id', request.trace.requestId);
    done();
  });
}
