import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** The end of a server at which nobody is cut off. */
export interface Drain {
  /** A response that goes on for as long as somebody follows: it is ended, and its follower follows another instance. */
  streams(response: ServerResponse): void;
  /** Takes no new connections, answers what it has taken, and cuts what is left when patience (in ms) ends. */
  close(patienceMs: number): Promise<void>;
}

/** Node's own way of closing waits for connections that idle, and Fastify's of forcing it breaks those that do not. */
export function drainOf(server: FastifyInstance): Drain {
  const streaming = new Set<ServerResponse>();
  let running = 0;
  let noneRuns: (() => void) | undefined;
  server.addHook('onRequest', (_request, reply, done) => {
    running += 1;
    reply.raw.once('close', () => {
      running -= 1;
      if (running === 0) noneRuns?.();
    });
    done();
  });

  return {
    streams(response) {
      streaming.add(response);
      response.once('close', () => streaming.delete(response));
    },
    async close(patienceMs) {
      const closed = server.close();
      for (const response of streaming) response.destroy();
      if (running > 0) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          noneRuns = resolve;
          timer = setTimeout(resolve, patienceMs);
        });
        clearTimeout(timer);
      }
      server.server.closeAllConnections();
      await closed;
    },
  };
}
