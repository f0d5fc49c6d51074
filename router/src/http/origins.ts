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
 * @param own the addresses under which this server is known
 */
export function mayConnect(
  origin: string | undefined,
  origins: Origins,
  own: readonly (string | undefined)[],
): boolean {
  if (origin === undefined || origins === '*') return true;
  if (origins.some((each) => (typeof each === 'string' ? each === origin : each.test(origin)))) return true;
  try {
    return own.includes(new URL(origin).host);
  } catch {
    // Such as "null", which is the origin of pages that hide theirs.
    return false;
  }
}
