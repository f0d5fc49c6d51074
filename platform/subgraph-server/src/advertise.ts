import { networkInterfaces } from 'node:os';
import type { Announced, Registry } from '@mercato/registry';
import type { Subgraph } from './subgraph.ts';

/** How a process makes itself known to those who may call it. */
export interface Advertising {
  readonly registry: Registry;
  /**
   * Its address as others reach it, such as `http://10.1.2.3:4002`; `auto` takes the machine's where it
   * listens everywhere, as in a container that has one address. What it listens on unless set.
   */
  readonly url?: string | undefined;
}

/** Addresses that mean every interface, and so nothing to others. */
const everywhere = ['0.0.0.0', '[::]'];

/**
 * Announces a process that listens at `listening`.
 * @returns undefined where nobody can tell how others reach it
 */
export async function advertise(
  { name, sdl }: Pick<Subgraph, 'name' | 'sdl'>,
  listening: string,
  { registry, url }: Advertising,
): Promise<Announced | undefined> {
  const address = new URL(url === undefined || url === 'auto' ? listening : url);
  if (url === 'auto' && everywhere.includes(address.hostname)) address.hostname = ownAddress() ?? address.hostname;
  if (everywhere.includes(address.hostname)) return undefined;
  if (address.pathname === '/') address.pathname = '/graphql';
  return registry.announce({ subgraph: name, url: address.href, sdl });
}

/** The first that others than this machine can reach. */
const ownAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
