import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@mercato/telemetry';
import { exposition } from '@mercato/telemetry/metrics';
import { type Advertising, advertise } from './advertise.ts';
import type { Subgraph } from './subgraph.ts';

export interface ProcessOptions {
  readonly subgraph: Subgraph;
  /** Whether this process answers calls, does background work, or both. */
  readonly role: 'api' | 'worker' | 'all';
  readonly port: number;
  readonly host: string;
  /** Where a worker, which answers no calls, tells whether it is well; nowhere unless set. */
  readonly healthPort?: number | undefined;
  /** Where the process that answers makes itself known; nowhere unless set. */
  readonly advertising?: Advertising | undefined;
  /** How long it goes on as if nothing were, in ms, once it has said that it is about to end: callers learn it. */
  readonly drainMs?: number | undefined;
  readonly logger: Logger;
}

/**
 * Runs a subgraph as a process of its own until SIGTERM or SIGINT: it withdraws, stops taking calls, finishes what
 * runs, and closes its connections.
 */
export async function runSubgraphProcess(options: ProcessOptions): Promise<void> {
  const { subgraph, role, port, host, logger } = options;
  await subgraph.ready();
  const api = role === 'worker' ? undefined : await subgraph.listen({ port, host });
  const announced = api && options.advertising && (await advertise(subgraph, api.url, options.advertising));
  if (api && options.advertising && !announced) {
    logger.info({ url: api.url }, 'Nobody is told where it is: it listens everywhere, and ADVERTISE_URL is not set');
  }
  const worker = role === 'api' ? undefined : await subgraph.startWorker();
  const health = api ? undefined : await listenForHealth(options);
  logger.info({ role, url: api?.url, instance: announced?.id }, 'Ready');
  // A launcher that started this process as its child learns the address without a log to parse.
  process.send?.({ kind: 'ready', url: api?.url });

  const withdraw = async () => {
    await announced?.drain();
    if (api && options.drainMs) await wait(options.drainMs);
    await announced?.withdraw();
    await api?.close();
  };
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    try {
      health?.close();
      await Promise.all([withdraw(), worker?.stop()]);
      await subgraph.close();
    } catch (error) {
      logger.error({ err: error }, 'Stopping went wrong');
      process.exitCode = 1;
    }
    process.exit();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // The launcher is gone: nobody else would stop this process.
  process.once('disconnect', stop);
  if (process.send && !process.connected) await stop();
}

/** For whoever supervises a worker: 200 while its database answers, and what it measures. */
async function listenForHealth({ subgraph, healthPort, host }: ProcessOptions): Promise<Server | undefined> {
  if (healthPort === undefined) return undefined;
  const metrics = exposition();
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      metrics.text().then(
        (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
      return;
    }
    subgraph.ready().then(
      () => response.writeHead(200).end('{"status":"ok"}'),
      () => response.writeHead(503).end('{"status":"unavailable"}'),
    );
  });
  server.listen(healthPort, host);
  await once(server, 'listening');
  return server;
}
