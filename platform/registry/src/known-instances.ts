import type { Instance } from '@mercato/subgraph-client';
import type { Lease } from './lease.ts';

interface Seen {
  readonly lease: Lease;
  readonly at: number;
}

/**
 * What is known of a system's instances from one reading of leases to the next. One that vanished without saying so
 * stays for a while, and the last of a subgraph stays for good: an empty list helps nobody, and whether it still answers
 * is seen soon enough by asking it.
 */
export class KnownInstances {
  readonly #missedMs: number;
  #seen = new Map<string, Seen>();
  #lists = new Map<string, readonly Instance[]>();

  constructor(missedMs: number) {
    this.#missedMs = missedMs;
  }

  /** The same array for as long as nothing changed. */
  of(subgraph: string): readonly Instance[] | undefined {
    return this.#lists.get(subgraph);
  }

  /** @param now in ms @returns whether anything changed */
  read(leases: readonly Lease[], now: number): boolean {
    const seen = new Map<string, Seen>(leases.map((lease) => [lease.id, { lease, at: now }]));
    const alive = new Set(leases.filter(({ draining }) => !draining).map(({ subgraph }) => subgraph));
    for (const [id, last] of this.#seen) {
      const { draining, subgraph } = last.lease;
      if (seen.has(id) || draining) continue;
      if (now - last.at <= this.#missedMs || !alive.has(subgraph)) seen.set(id, last);
    }
    this.#seen = seen;
    return this.#relist();
  }

  #relist(): boolean {
    const bySubgraph = new Map<string, Map<string, Lease>>();
    for (const { lease } of this.#seen.values()) {
      const byUrl = bySubgraph.get(lease.subgraph) ?? new Map<string, Lease>();
      bySubgraph.set(lease.subgraph, byUrl);
      const rival = byUrl.get(lease.url);
      if (!rival || rival.since < lease.since) byUrl.set(lease.url, lease);
    }
    const lists = new Map<string, readonly Instance[]>();
    let changed = bySubgraph.size !== this.#lists.size;
    for (const [subgraph, byUrl] of bySubgraph) {
      const list = [...byUrl.values()].sort((one, other) => (one.id < other.id ? -1 : 1)).map(toInstance);
      const before = this.#lists.get(subgraph);
      const same = before !== undefined && JSON.stringify(before) === JSON.stringify(list);
      lists.set(subgraph, same ? before : list);
      changed ||= !same;
    }
    this.#lists = lists;
    return changed;
  }
}

const toInstance = ({ id, url, schemaHash, draining }: Lease): Instance => ({ id, url, schemaHash, draining });
