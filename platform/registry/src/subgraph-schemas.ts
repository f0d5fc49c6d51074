import { KnownInstances } from './known-instances.ts';
import type { LeaseStore, PublishedName } from './lease.ts';

/** One SDL of a subgraph. */
export interface SubgraphSdl {
  /** SHA-256 of it. */
  readonly hash: string;
  readonly sdl: string;
}

/** What subgraphs serve, as their instances published it. */
export interface SubgraphSchemas {
  /**
   * For each subgraph that ever published, what its instances serve, the newest first: several while a new version is
   * rolled out. Of a subgraph without any instance, what it served last.
   */
  current(): ReadonlyMap<string, readonly SubgraphSdl[]>;
  /** Tells of every change from now on. @returns what ends it */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

interface Following {
  readonly readMs: number;
  readonly missedMs: number;
  /** Reports an outage; never fails. */
  readonly attempt: (work: () => Promise<void>) => Promise<boolean>;
  readonly stopping: (stop: () => void) => void;
}

export async function followSchemas(
  store: LeaseStore,
  { readMs, missedMs, attempt, stopping }: Following,
): Promise<SubgraphSchemas> {
  const known = new KnownInstances(missedMs);
  const texts = new Map<string, string>();
  const listeners = new Set<() => void>();
  let current: ReadonlyMap<string, readonly SubgraphSdl[]> = new Map();
  let reading: Promise<unknown> | undefined;
  let again = false;

  const sdlOf = async (name: PublishedName): Promise<SubgraphSdl | undefined> => {
    const key = `${name.subgraph} ${name.hash}`;
    const sdl = texts.get(key) ?? (await store.sdl(name));
    if (sdl === undefined) return undefined;
    texts.set(key, sdl);
    return { hash: name.hash, sdl };
  };

  const readOnce = async (): Promise<void> => {
    const [leases, published] = await Promise.all([store.list(), store.published()]);
    known.read(leases, performance.now());
    const next = new Map<string, readonly SubgraphSdl[]>();
    for (const [subgraph, names] of bySubgraph(published)) {
      const serving = new Set(hashesServed(known, subgraph));
      const served = names.filter(({ hash }) => serving.has(hash));
      const wanted = served.length > 0 ? served : names.slice(0, 1);
      const sdls = (await Promise.all(wanted.map(sdlOf))).filter((sdl) => sdl !== undefined);
      // What could not be read is published again shortly.
      const readable = sdls.length === wanted.length ? sdls : (current.get(subgraph) ?? []);
      if (readable.length > 0) next.set(subgraph, readable);
    }
    const names = new Set(published.map(({ subgraph, hash }) => `${subgraph} ${hash}`));
    for (const key of texts.keys()) if (!names.has(key)) texts.delete(key);
    if (signatureOf(next) === signatureOf(current)) return;
    current = next;
    for (const listener of listeners) listener();
  };
  const read = (): Promise<unknown> => {
    again = true;
    reading ??= (async () => {
      while (again) {
        again = false;
        await attempt(readOnce);
      }
      reading = undefined;
    })();
    return reading;
  };

  const timer = setInterval(read, readMs);
  timer.unref();
  const stop = () => clearInterval(timer);
  stopping(stop);
  await attempt(() => store.watch(read));
  await read();
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      stop();
      again = false;
      await reading;
    },
  };
}

/** What the instances serve that calls go to; of those about to end only where there are no others. */
function hashesServed(known: KnownInstances, subgraph: string): string[] {
  const instances = known.of(subgraph) ?? [];
  const staying = instances.filter(({ draining }) => !draining);
  return (staying.length > 0 ? staying : instances).flatMap(({ schemaHash }) => schemaHash ?? []);
}

/** The newest of each first. */
function bySubgraph(published: readonly PublishedName[]): ReadonlyMap<string, readonly PublishedName[]> {
  const all = new Map<string, PublishedName[]>();
  for (const name of [...published].sort((one, other) => other.at - one.at)) {
    all.set(name.subgraph, [...(all.get(name.subgraph) ?? []), name]);
  }
  return all;
}

const signatureOf = (schemas: ReadonlyMap<string, readonly SubgraphSdl[]>): string =>
  [...schemas]
    .map(([name, sdls]) => `${name} ${sdls.map(({ hash }) => hash).join(' ')}`)
    .sort()
    .join('\n');
