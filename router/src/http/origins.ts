/** The pages of Apollo's explorers. */
const apolloOrigins = [
  'https://studio.apollographql.com',
  'https://sandbox.embed.apollographql.com',
  'https://explorer.embed.apollographql.com',
];

/** Whose pages may call: everyone's, or those that are listed. */
export type Origins = '*' | readonly (string | RegExp)[];

/** @param origins `http://localhost:*` is that host on any port, where development servers choose theirs; `*` is all. */
export const originsOf = (origins: readonly string[]): Origins =>
  origins.includes('*') ? '*' : [...apolloOrigins, ...origins.map(withAnyPort)];

function withAnyPort(origin: string): string | RegExp {
  if (!origin.endsWith(':*')) return origin;
  const host = origin.slice(0, -':*'.length).replaceAll(/[.[\]]/g, '\\$&');
  return new RegExp(`^${host}(:\\d+)?$`);
}

/**
 * Whether a page may open a connection that browsers open unasked, such as a WebSocket: one of ours, or of those listed.
 * What comes without an origin is no page.
 * @param publicUrl the address that clients use, where it is known
 */
export function mayConnect(
  { origin, host }: { readonly origin?: string | undefined; readonly host?: string | undefined },
  origins: Origins,
  publicUrl: string | undefined,
): boolean {
  if (origin === undefined || origins === '*') return true;
  if (origins.some((each) => (typeof each === 'string' ? each === origin : each.test(origin)))) return true;
  // Such as "null", which is the origin of pages that hide theirs.
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (publicUrl && page.origin === new URL(publicUrl).origin) return true;
  return page.host === host && isNobodysName(page.hostname);
}

/**
 * A page's name can be made to resolve to this machine after it was loaded: then its origin is our address to the browser,
 * and the host that it sends. Only of addresses and of `localhost` it is certain that nobody else's page has them.
 */
const isNobodysName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);
