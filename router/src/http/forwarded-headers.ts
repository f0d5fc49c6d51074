import type { IncomingHttpHeaders } from 'node:http';

/** Those of a client's headers that subgraphs are given too. */
export function forwardedHeaders(names: readonly string[], headers: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') forwarded[name] = value;
  }
  return forwarded;
}
