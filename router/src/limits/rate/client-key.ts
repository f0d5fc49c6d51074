import type { Client } from '../../identity/client.ts';

/** Whose budget a request spends: the credential's it came with, else that of the network it came from. */
export const clientKey = ({ viewer, credentialId }: Pick<Client, 'viewer' | 'credentialId'>, address: string): string =>
  `${viewer.kind}:${credentialId ?? networkOf(address)}`;

/** An IPv4 address; of an IPv6 address its first 64 bits, which is what one subscriber has at the least. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.split('%', 1).join('').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Whether a request came from this machine. */
export const isLoopback = (address: string): boolean =>
  address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
