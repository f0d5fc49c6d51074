import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Addresses that are not of the public internet, by IANA's special-purpose registries
 * (https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry): private, loopback,
 * link-local with the clouds' metadata services, shared, documentation, multicast, reserved; and those of IPv6 that
 * carry an IPv4 address inside, whatever it is. A list each: Node takes an IPv4 address for its mapped form, too.
 */
const special = { ipv4: new BlockList(), ipv6: new BlockList() };
const ipv4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
  203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`;
const ipv6 = `::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16
  3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8`;
for (const [family, ranges] of [
  ['ipv4', ipv4],
  ['ipv6', ipv6],
] as const) {
  for (const range of ranges.split(/\s+/)) {
    const [network = '', prefix] = range.split('/');
    special[family].addSubnet(network, Number(prefix), family);
  }
}

/** Whether an address literal belongs to the public internet. Anything that is no address does not. */
export function isPublicAddress(address: string): boolean {
  const plain = address.split('%')[0] ?? '';
  if (isIPv4(plain)) return !special.ipv4.check(plain, 'ipv4');
  // Node itself looks into IPv4-mapped addresses and would find a public one inside; their range is refused as a whole.
  if (isIPv6(plain)) return !isMapped(plain) && !special.ipv6.check(plain, 'ipv6');
  return false;
}

const isMapped = (address: string) => new URL(`http://[${address}]`).hostname.startsWith('[::ffff:');
