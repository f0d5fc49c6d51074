import { json } from '@mercato/environment';
import { z } from 'zod';

const address = z.url({
  protocol: /^((dns|srv)\+)?https?$/,
  error: 'it wants http://host:port/graphql, dns+http://host:port/graphql or srv+http://_service._tcp.host/graphql',
});

/**
 * Where subgraphs are, as JSON: for each its address, or several. `dns+http://host:port/graphql` are all addresses that
 * the host has, `srv+http://_service._tcp.host/graphql` all that its SRV records name; both are resolved again and again.
 */
export const subgraphUrls = () =>
  json(z.record(z.string(), z.union([address, z.array(address).min(1)]))).describe(
    'JSON such as {"inventory":"http://inventory:4002/graphql","cart":["http://cart-1:4003/graphql","http://cart-2:4003/graphql"]}',
  );

/** A registry that instances announce themselves in. */
export const registryUrl = () =>
  z.url({ protocol: /^(rediss?|file)$/ }).describe('a URL such as redis://host:6379 or file:///folder');

/** DNS servers to ask instead of the system's. */
export const dnsServers = () =>
  z
    .string()
    .transform((text) => text.split(',').map((server) => server.trim()))
    .describe('addresses such as 10.0.0.10 or 10.0.0.10:5353, separated by commas');
