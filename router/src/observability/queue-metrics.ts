import type { JobCounts, Queues } from '@mercato/queue';
import { Gauge, type Registry } from '@mercato/telemetry/metrics';

/** Milliseconds that what was counted is told again: several may scrape, and counting is work for the queue server. */
const keptMs = 5_000;

/** Milliseconds that the queue server may take; a scrape does not wait for longer. */
const patienceMs = 2_000;

const states = ['waiting', 'active', 'delayed', 'failed'] as const;

/** Counts the jobs of the queues, at each scrape. A queue that cannot be counted is missing, not empty. */
export function measureQueues(registry: Registry, queues: Pick<Queues, 'counts'>, names: readonly string[]): void {
  let kept: { readonly until: number; readonly counts: ReadonlyMap<string, JobCounts> } | undefined;
  new Gauge({
    name: 'mercato_queue_jobs',
    help: 'Jobs of a queue by their state; failed ones wait for staff',
    labelNames: ['queue', 'state'],
    registers: [registry],
    async collect() {
      if (!kept || performance.now() >= kept.until) {
        kept = { counts: await count(queues, names), until: performance.now() + keptMs };
      }
      this.reset();
      for (const [queue, counts] of kept.counts) for (const state of states) this.set({ queue, state }, counts[state]);
    },
  });
}

async function count(
  queues: Pick<Queues, 'counts'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, JobCounts>> {
  const counted = await Promise.allSettled(
    names.map(async (name) => [name, await within(queues.counts(name))] as const),
  );
  return new Map(counted.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
}

function within<T>(counting: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The queue server takes too long.')), patienceMs);
    counting.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
