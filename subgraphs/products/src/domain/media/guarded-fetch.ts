import { lookup } from 'node:dns/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-addresses.ts';

export interface FetchLimits {
  /** `host:port` that may be fetched from although they are not public, for tests. */
  readonly allow: readonly string[];
  readonly mostBytes: number;
  readonly timeoutMs: number;
}

/** The address, or what stands there, is not acceptable; asking again does not help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

interface Target {
  readonly url: URL;
  readonly host: string;
  readonly port: number;
  readonly address: string;
}

/**
 * Fetches what a stranger named, so that it cannot be made to speak to our own network: the name is resolved once, all
 * its addresses must be public, the connection goes to the address that was checked, and redirects are not followed.
 * @throws RefusedError; other errors are of the network and may pass
 */
export async function guardedFetch(address: string, limits: FetchLimits): Promise<Buffer> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const target = await resolve(address, limits.allow);
  const response = await connect(target, signal);
  try {
    const status = response.statusCode ?? 0;
    if (status >= 300 && status < 400) throw new RefusedError(`It redirects (${status}); redirects are not followed.`);
    if (status >= 500 || status === 429) throw new Error(`The server answered ${status}.`);
    if (status !== 200) throw new RefusedError(`The server answered ${status}.`);
    return await read(response, limits.mostBytes);
  } finally {
    response.destroy();
  }
}

async function resolve(address: string, allow: readonly string[]): Promise<Target> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new RefusedError('Only http and https addresses are fetched.');
  if (url.username || url.password) throw new RefusedError('Addresses with a user or password are not fetched.');
  const usual = url.protocol === 'https:' ? 443 : 80;
  const port = url.port === '' ? usual : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAllowed = allow.includes(`${host}:${port}`);
  if (port !== usual && !isAllowed) throw new RefusedError(`Port ${port} is not fetched from; use the usual one.`);

  const found = isIP(host) ? [{ address: host }] : await lookup(host, { all: true });
  const [first] = found;
  if (!first) throw new Error(`${host} has no address.`);
  const inside = found.find((each) => !isPublicAddress(each.address));
  if (inside && !isAllowed)
    throw new RefusedError(`${host} is at ${inside.address}, which is not of the public internet.`);
  return { url, host, port, address: first.address };
}

/** Speaks to the checked address and to no other, whatever the name resolves to by now. */
function connect({ url, host, port, address }: Target, signal: AbortSignal): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  return new Promise((done, fail) => {
    const options = {
      host: address,
      port,
      path: url.pathname + url.search,
      headers: { host: url.host, accept: 'image/*', 'user-agent': 'mercato-catalog-import' },
      agent: false as const,
      signal,
    };
    const outgoing = isSecure
      ? requestHttps({ ...options, ...(isIP(host) ? {} : { servername: host }) })
      : requestHttp(options);
    outgoing.once('response', done);
    outgoing.once('error', fail);
    outgoing.end();
  });
}

async function read(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const tooLarge = () => new RefusedError(`It is larger than ${mostBytes} bytes.`);
  if (Number(response.headers['content-length'] ?? 0) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
