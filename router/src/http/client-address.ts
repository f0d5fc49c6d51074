import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** Where a request came from, for requests that the HTTP framework does not see, in the way in which it tells `ip`. */
export function clientAddresses(
  trustProxy: number | readonly string[] | undefined,
): (request: IncomingMessage) => string {
  if (!trustProxy) return ({ socket }) => socket.remoteAddress ?? '';
  const trust =
    typeof trustProxy === 'number'
      ? (_address: string, hops: number) => hops < trustProxy
      : proxyAddr.compile([...trustProxy]);
  return (request) => proxyAddr(request, trust);
}
