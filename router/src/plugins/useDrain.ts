import type { FastifyInstance } from 'fastify';

export interface Drain {
  /** Takes nothing new, lets what runs end, and cuts what is left after the grace (in milliseconds). */
  close(grace: number): Promise<void>;
}

/**
 * Ends connections once no request runs on any: Node's own close waits for ever for one that a browser opened in
 * advance and never used.
 */
export function useDrain(server: FastifyInstance): Drain {
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
    async close(grace) {
      const closed = server.close();
      if (running > 0) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          noneRuns = resolve;
          timer = setTimeout(resolve, grace);
        });
        clearTimeout(timer);
      }
      server.server.closeAllConnections();
      await closed;
    },
  };
}
