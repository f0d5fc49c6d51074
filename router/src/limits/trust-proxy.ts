/** Which proxies' `X-Forwarded-For` is believed: how many stand before the router, or their addresses; nobody's unless set. */
export type TrustedProxies = number | readonly string[];

/** As fastify wants it. */
export function trustProxy(proxies: TrustedProxies = 0): string[] | ((address: string, hop: number) => boolean) {
  return typeof proxies === 'number' ? (_address, hop) => hop < proxies : [...proxies];
}
