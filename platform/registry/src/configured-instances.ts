import { type Instance, type InstanceSource, staticInstances } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import { type Addresses, addressesIn, isDnsUrl } from './dns-addresses.ts';

export type SubgraphUrls = Readonly<Record<string, string | readonly string[]>>;

export interface DnsSettings {
  /** How often names are resolved again. */
  readonly everyMs?: number | undefined;
  /** Asked instead of the system's resolver. */
  readonly servers?: readonly string[] | undefined;
}

/**
 * The instances of a list: addresses as they are, and names that are resolved again every few seconds. A name that cannot
 * be resolved keeps the addresses it had.
 */
export async function configuredInstances(
  urls: SubgraphUrls,
  { logger, dns = {} }: { logger: Logger; dns?: DnsSettings },
): Promise<InstanceSource> {
  const entries = Object.entries(urls).map(([subgraph, given]) => ({
    subgraph,
    urls: typeof given === 'string' ? [given] : given,
  }));
  const names = [...new Set(entries.flatMap((entry) => entry.urls.filter(isDnsUrl)))];
  if (names.length === 0) return staticInstances(urls);

  const resolved = new Map<string, readonly Instance[]>();
  const listeners = new Set<() => void>();
  let lists = new Map<string, readonly Instance[]>();
  const relist = () => {
    lists = new Map(
      entries.map((entry) => [entry.subgraph, entry.urls.flatMap((url) => resolved.get(url) ?? plain(url))]),
    );
  };
  const resolve = async (): Promise<void> => {
    const changes = await Promise.all(names.map((name) => resolveOne(name)));
    if (!changes.includes(true)) return;
    relist();
    for (const listener of listeners) listener();
  };
  const addresses: Addresses = addressesIn(dns.servers);
  const failing = new Set<string>();
  let closed = false;
  const resolveOne = async (name: string): Promise<boolean> => {
    try {
      const found = await addresses.of(name);
      failing.delete(name);
      if (JSON.stringify(found) === JSON.stringify(resolved.get(name))) return false;
      resolved.set(name, found);
      return true;
    } catch (error) {
      if (closed) return false;
      if (!failing.has(name)) logger.warn({ err: error, name }, 'A name of a subgraph cannot be resolved');
      failing.add(name);
      return false;
    }
  };

  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    // A server that is slow to answer is not asked twice at once.
    running ??= resolve().finally(() => {
      running = undefined;
    });
  }, dns.everyMs ?? 5_000);
  timer.unref();
  // Addresses hold whatever becomes of the names.
  relist();
  await resolve();
  return {
    instancesOf: (subgraph) => lists.get(subgraph) ?? none,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      addresses.cancel();
      await running;
    },
  };
}

const none: readonly Instance[] = [];
const plain = (url: string): readonly Instance[] => (isDnsUrl(url) ? none : [{ id: url, url }]);
