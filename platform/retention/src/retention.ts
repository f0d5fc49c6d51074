import { handle, type JobHandler, type Queues } from '@mercato/queue';
import { dropOldRows } from './job.ts';

/** Rows of one table that a domain keeps for a time only; the package that writes them says how long, and why. */
export interface Retained<Database> {
  /** In the plural, for the log. */
  readonly name: string;
  readonly keptForDays: number;
  /** Removes at most so many that are past their time, oldest first, in one statement. How many went. */
  drop(db: Database, limit: number): PromiseLike<number>;
}

export interface Retention {
  /** For the worker of the domain's own queue. */
  readonly handler: JobHandler;
  /** Once the worker runs. */
  schedule(queues: Pick<Queues, 'schedule'>): Promise<void>;
}

/** Small enough that a statement takes milliseconds and holds few locks, none that a request waits for. */
const mostAtOnce = 1_000;

/** Often enough that a run has little to do. */
const everyMs = 60 * 60_000;

/**
 * The hourly job that removes a domain's old rows, chunk by chunk. It may run twice at once: each run passes over the
 * rows that the other has locked. A run that is cut off leaves the rest to the next.
 */
export function retention<Database>(domain: string, db: Database, retained: readonly Retained<Database>[]): Retention {
  const job = dropOldRows(domain);
  return {
    handler: handle(job, async (_payload, { signal, logger }) => {
      for (const { name, keptForDays, drop } of retained) {
        const gone = await dropAll((limit) => drop(db, limit), signal);
        if (gone > 0) logger.info({ gone, keptForDays }, `Old rows were removed: ${name}`);
      }
    }),
    schedule: (queues) => queues.schedule(job, 'drop-old-rows', { every: everyMs }, {}),
  };
}

async function dropAll(drop: (limit: number) => PromiseLike<number>, signal: AbortSignal): Promise<number> {
  let gone = 0;
  for (;;) {
    signal.throwIfAborted();
    const dropped = await drop(mostAtOnce);
    gone += dropped;
    if (dropped < mostAtOnce) return gone;
  }
}
