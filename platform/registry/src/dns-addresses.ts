import { lookup, Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { Instance } from '@mercato/subgraph-client';

/** Turns the names in addresses into the instances behind them. */
export interface Addresses {
  /** Of a `dns+http:` or `srv+http:` URL, in a stable order. @throws when its name has no address, or nobody can tell */
  of(url: string): Promise<readonly Instance[]>;
  cancel(): void;
}

export const isDnsUrl = (url: string): boolean => /^(dns|srv)\+https?:/.test(url);

/** @param servers asked instead of the system's resolver, which knows of search domains and of the hosts file */
export function addressesIn(servers: readonly string[] | undefined): Addresses {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  if (servers) resolver.setServers(servers);
  const hostOf = servers
    ? (host: string) => addressRecords(resolver, host)
    : async (host: string) => (await lookup(host, { all: true })).map(({ address }) => address);

  const bySrv = async (name: string): Promise<Target[]> => {
    const records = await resolver.resolveSrv(name);
    const first = Math.min(...records.map(({ priority }) => priority));
    const preferred = records.filter(({ priority }) => priority === first);
    const targets = await Promise.all(
      preferred.map(async (record) =>
        (await hostOf(record.name)).map((address) => ({ address, port: String(record.port), hostName: record.name })),
      ),
    );
    return targets.flat();
  };
  const byHost = async (hostName: string, port: string): Promise<Target[]> =>
    (await hostOf(hostName)).map((address) => ({ address, port, hostName }));

  return {
    async of(url) {
      const [kind, rest = ''] = url.split('+', 2);
      const { protocol, hostname, port, pathname } = new URL(rest);
      const targets = kind === 'srv' ? await bySrv(hostname) : await byHost(hostname, port);
      if (targets.length === 0) throw new Error(`${hostname} has no address.`);
      return targets
        .map((target) => instanceAt(target, protocol, pathname))
        .sort((one, other) => (one.id < other.id ? -1 : 1));
    },
    cancel: () => resolver.cancel(),
  };
}

interface Target {
  readonly address: string;
  readonly port: string;
  readonly hostName: string;
}

function instanceAt({ address, port, hostName }: Target, protocol: string, path: string): Instance {
  const host = isIPv6(address) ? `[${address}]` : address;
  const url = `${protocol}//${host}${port === '' ? '' : `:${port}`}${path}`;
  return { id: url, url, hostName };
}

/** IPv4 and IPv6: a host may well have only one of them. */
async function addressRecords(resolver: Resolver, host: string): Promise<string[]> {
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
  return [...(four.status === 'fulfilled' ? four.value : []), ...(six.status === 'fulfilled' ? six.value : [])];
}
