import { Gauge } from 'prom-client';
import { processRegistry } from './process-registry.ts';

/** Events that are saved and not yet carried on. */
export interface OutboxBacklog {
  readonly events: number;
  /** How long the oldest of them has waited. */
  readonly oldestSeconds: number;
}

type ReadBacklog = () => Promise<OutboxBacklog>;

const outboxes = new Map<string, ReadBacklog>();

/** Milliseconds that what was read is told again: several may scrape. */
const keptMs = 2_000;
let kept: { readonly until: number; readonly backlogs: Promise<ReadonlyMap<string, OutboxBacklog>> } | undefined;

function backlogs(): Promise<ReadonlyMap<string, OutboxBacklog>> {
  const now = performance.now();
  if (!kept || now >= kept.until) kept = { until: now + keptMs, backlogs: readAll() };
  return kept.backlogs;
}

/** An outbox whose database does not answer is missing, not empty. */
async function readAll(): Promise<ReadonlyMap<string, OutboxBacklog>> {
  const read = await Promise.allSettled([...outboxes].map(async ([name, read]) => [name, await read()] as const));
  return new Map(read.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
}

const gaugeOf = (name: string, help: string, numberOf: (backlog: OutboxBacklog) => number) =>
  new Gauge({
    name,
    help,
    labelNames: ['database'],
    registers: [processRegistry],
    async collect() {
      const current = await backlogs();
      this.reset();
      for (const [database, backlog] of current) this.set({ database }, numberOf(backlog));
    },
  });

gaugeOf('mercato_outbox_pending_events', 'Events that are saved and not yet carried on', ({ events }) => events);
gaugeOf(
  'mercato_outbox_oldest_pending_seconds',
  'How long the oldest event has waited that is not yet carried on',
  ({ oldestSeconds }) => oldestSeconds,
);

/** @returns what ends it */
export function measureOutbox(databaseUrl: string, read: ReadBacklog): () => void {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  outboxes.set(database, read);
  kept = undefined;
  return () => {
    if (outboxes.get(database) === read) outboxes.delete(database);
    kept = undefined;
  };
}
