import type { IncomingMessage, Server } from 'node:http';
import type { Logger } from '@mercato/telemetry';

/** Which proxies' `X-Forwarded-For` is believed: how many stand before the router, or their addresses; nobody's unless set. */
export type TrustedProxies = number | readonly string[];

/** As fastify wants it. */
export function trustProxy(proxies: TrustedProxies = 0): string[] | ((address: string, hop: number) => boolean) {
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : [...proxies];
}

/** Says once that requests seem to come through a proxy, where none is believed: what is counted is then not clients. */
export function tellOfProxies(server: Server, logger: Pick<Logger, 'warn'>): void {
  const look = ({ headers }: IncomingMessage) => {
    if (headers['x-forwarded-for'] === undefined) return;
    server.off('request', look);
    logger.warn(
      'Requests come with X-Forwarded-For, and TRUST_PROXY is not set: if a proxy of yours sends it, all clients behind it have one rate limit, and none where it runs on this machine',
    );
  };
  server.on('request', look);
}
