import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { request } from 'undici';

export interface Destination {
  readonly url: string;
  /** What the caller is vouched for with; nothing where there is none. */
  readonly authorization: () => Promise<string | undefined>;
}

/**
 * An HTTP proxy that takes a client with addresses of its own to where the services are, and gives it the identity
 * that it knows nothing of.
 * @param destinations by the `host:port` that the client believes in
 */
export async function startForwardProxy(
  destinations: Readonly<Record<string, Destination>>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const destination = destinations[new URL(incoming.url ?? '').host];
    if (!destination) {
      outgoing.writeHead(502).end();
      return;
    }
    const authorization = await destination.authorization();
    const { connection: _connection, host: _host, 'content-length': _length, ...headers } = incoming.headers;
    const answer = await request(destination.url, {
      method: incoming.method === 'POST' ? 'POST' : 'GET',
      headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) },
      ...(incoming.method === 'POST' ? { body: Readable.from(incoming) } : {}),
    });
    outgoing.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
    outgoing.end(await answer.body.text());
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
