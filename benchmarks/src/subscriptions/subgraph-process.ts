import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * A subgraph with one subscription, whose events are told when the parent says so: next to nothing happens here, so that
 * what is measured is the way from here to clients.
 */
const followers = new Set<ServerResponse>();
let number = 0;

const event = (): string =>
  `event: next\ndata: ${JSON.stringify({ data: { ticked: { id: 'clock', number, note: 'x'.repeat(200) } } })}\n\n`;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await text(request);
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event());
  followers.add(response);
  response.once('close', () => followers.delete(response));
}

process.on('message', (message) => {
  if (message === 'tick') {
    number += 1;
    const told = event();
    for (const response of followers) response.write(told);
  }
  if (message === 'tick' || message === 'count')
    process.send?.({ kind: 'followed', followers: followers.size, number });
});

const signsOfLife = setInterval(() => {
  for (const response of followers) response.write(':\n\n');
}, 10_000);
signsOfLife.unref();

const http = createServer(answer);
http.listen(0, '127.0.0.1', () => {
  process.send?.({ kind: 'ready', url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql` });
});
