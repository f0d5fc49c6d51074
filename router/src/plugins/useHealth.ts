import type { FastifyInstance } from 'fastify';
import type { SchemaState } from '../schema-lifecycle/served-schema.ts';

export interface HealthSettings {
  /** Of the schema that is served now. */
  readonly subgraphNames: () => readonly string[];
  readonly schemaState: () => SchemaState;
  readonly readyOf: (subgraph: string, signal: AbortSignal) => Promise<void>;
  /** Milliseconds a subgraph has to say that it is ready. */
  readonly patienceMs?: number;
}

interface Report {
  status: 'ok' | 'degraded';
  subgraphs: Record<string, 'up' | 'down'>;
  schema: SchemaState;
}

/**
 * `/health/live`: the process runs. `/health/ready`: it serves whatever can be served, so it is ready (200) with
 * subgraphs down too; the body says which, and `degraded`.
 */
export function useHealth(server: FastifyInstance, settings: HealthSettings): void {
  let asking: Promise<Report> | undefined;
  // However many ask at once, each subgraph is asked once.
  const report = (): Promise<Report> => {
    asking ??= ask(settings).finally(() => {
      asking = undefined;
    });
    return asking;
  };

  server.get('/health/live', async () => ({ status: 'ok' }));
  server.get('/health/ready', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(await report()),
  );
}

async function ask({ subgraphNames, schemaState, readyOf, patienceMs = 1_000 }: HealthSettings): Promise<Report> {
  const states = await Promise.all(
    subgraphNames().map(async (name) => [name, (await isReady(name, readyOf, patienceMs)) ? 'up' : 'down'] as const),
  );
  const status = states.every(([, state]) => state === 'up') ? 'ok' : 'degraded';
  return { status, subgraphs: Object.fromEntries(states), schema: schemaState() };
}

async function isReady(name: string, readyOf: HealthSettings['readyOf'], patienceMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs);
  const tooLate = new Promise<false>((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  // Why it is down is the subgraph's own log's to tell; here it is an answer, not a failure.
  const answered = readyOf(name, signal).then(
    () => true,
    () => false,
  );
  return Promise.race([answered, tooLate]);
}
