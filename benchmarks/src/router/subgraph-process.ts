import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { trivialSubgraphs } from './subgraphs.ts';

/** One of the trivial subgraphs in stock Apollo Server: the same process answers both routers. */
const subgraph = trivialSubgraphs.find(({ name }) => name === process.argv[2]);
if (!subgraph) throw new Error('Name one of the trivial subgraphs.');
const server = new ApolloServer({ schema: buildSubgraphSchema(subgraph) });
await server.start();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, headers, body } = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method ?? 'POST',
      headers: new HeaderMap(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      search: '',
      body: JSON.parse(await text(request)),
    },
    context: async () => ({}),
  });
  if (body.kind !== 'complete') throw new Error('An answer in parts was not asked for.');
  response.writeHead(status ?? 200, Object.fromEntries(headers)).end(body.string);
}

const http = createServer(answer);
// A router whose turn is over keeps its connections until the next: a stock one fails when they are closed meanwhile.
http.keepAliveTimeout = 60_000;
http.listen(0, '127.0.0.1', () => {
  process.send?.({ kind: 'ready', url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/` });
});
