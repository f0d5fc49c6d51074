import { randomBytes } from 'node:crypto';
import type { InstanceSource } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import { KnownInstances } from './known-instances.ts';
import { defaultRhythm, type Lease, type LeaseStore, type Rhythm } from './lease.ts';
import { schemaHash } from './schema-hash.ts';
import { followSchemas, type SubgraphSchemas } from './subgraph-schemas.ts';

/** What an instance has to say of itself. */
export interface Announcement {
  readonly subgraph: string;
  /** Of its GraphQL endpoint, as others reach it. */
  readonly url: string;
  /** What it serves; published where others can find it, and named by its hash in the lease. */
  readonly sdl?: string | undefined;
}

/** An instance that is listed, for as long as its process repeats so. */
export interface Announced {
  readonly id: string;
  /** Says that it is about to end: nobody chooses it any more. */
  drain(): Promise<void>;
  /** Takes it off the list. */
  withdraw(): Promise<void>;
}

/** Where instances say that they are there, and callers learn it. */
export interface Registry {
  /** Never fails: while the registry is away, the instance says it again until it is back. */
  announce(announcement: Announcement): Promise<Announced>;
  /** Those announced, followed from now on. While the registry is away, the last list stays. */
  instances(): Promise<InstanceSource>;
  /** What they serve, followed from now on. */
  schemas(): Promise<SubgraphSchemas>;
  close(): Promise<void>;
}

let last = 0;

/** Now, in ms since the epoch; never twice the same within a process: of two the later one counts. */
function instant(): number {
  last = Math.max(Date.now(), last + 1);
  return last;
}

/** Heartbeats from one publication of an instance's SDL to the next. */
const publishedEvery = 12;

export function createRegistry(
  store: LeaseStore,
  { logger, rhythm = defaultRhythm }: { logger: Logger; rhythm?: Rhythm },
): Registry {
  const outage = outageReport(logger);
  const stops: (() => void)[] = [];

  /** @returns whether it worked; why not is told once an outage */
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      outage.over();
      return true;
    } catch (error) {
      outage.goesOn(error);
      return false;
    }
  };

  return {
    async announce({ subgraph, url, sdl }) {
      const id = `${subgraph}-${randomBytes(5).toString('hex')}`;
      const hash = sdl === undefined ? undefined : schemaHash(sdl);
      let lease: Lease = { subgraph, id, url, schemaHash: hash, since: instant() };
      let beats = 0;
      const put = () =>
        attempt(async () => {
          // First what the lease names; now and then again, for a store that was lost.
          if (sdl !== undefined && hash !== undefined && beats % publishedEvery === 0)
            await store.publish({ subgraph, hash, sdl, at: lease.since });
          await store.put(lease);
          beats += 1;
        });
      const timer = setInterval(put, rhythm.heartbeatMs);
      timer.unref();
      stops.push(() => clearInterval(timer));
      await put();
      return {
        id,
        async drain() {
          lease = { ...lease, draining: true };
          await put();
        },
        async withdraw() {
          clearInterval(timer);
          await attempt(() => store.remove(id));
        },
      };
    },

    schemas: () =>
      followSchemas(store, {
        readMs: rhythm.readMs,
        missedMs: rhythm.missedMs,
        attempt,
        stopping: (stop) => stops.push(stop),
      }),

    async instances() {
      const known = new KnownInstances(rhythm.missedMs);
      const listeners = new Set<() => void>();
      const read = () =>
        attempt(async () => {
          const leases = await store.list();
          if (known.read(leases, performance.now())) for (const listener of listeners) listener();
        });
      const timer = setInterval(read, rhythm.readMs);
      timer.unref();
      const stop = () => clearInterval(timer);
      stops.push(stop);
      await attempt(() => store.watch(read));
      await read();
      return {
        instancesOf: (subgraph) => known.of(subgraph) ?? none,
        onChange(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        close: async () => stop(),
      };
    },

    async close() {
      for (const stop of stops) stop();
      await store.close();
    },
  };
}

const none: readonly never[] = [];

function outageReport(logger: Logger) {
  let away = false;
  return {
    goesOn(error: unknown) {
      if (!away) logger.warn({ err: error }, 'The registry of instances cannot be reached; the last list stays in use');
      away = true;
    },
    over() {
      if (away) logger.info('The registry of instances is back');
      away = false;
    },
  };
}
