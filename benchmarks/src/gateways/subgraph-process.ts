import { createServer, type IncomingMessage } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, graphql } from 'graphql';
import { type CallCount, worldByName } from './worlds.ts';

/**
 * All subgraphs of a world, each on a port of its own, in one process that takes as little as can be from those who
 * are measured: an answer is worked out once and then kept. It counts what it is asked.
 */
const world = worldByName(process.argv[2]);
const counted: CallCount = { kind: 'calls', calls: 0, withoutIdentity: 0 };
const urls: Record<string, string> = {};
for (const subgraph of world.subgraphs) urls[subgraph.name] = await listen(buildSubgraphSchema({ ...subgraph }));
process.on('message', (message) => {
  if (message === 'calls') process.send?.(counted);
});
process.once('SIGTERM', () => process.exit());
process.once('disconnect', () => process.exit());
process.send?.({ kind: 'ready', url: '', urls });

function listen(schema: GraphQLSchema): Promise<string> {
  const answers = new Map<string, Promise<string>>();
  const server = createServer(async (request, response) => {
    const body = await read(request);
    counted.calls += 1;
    if (!request.headers.authorization) counted.withoutIdentity += 1;
    let answer = answers.get(body);
    if (!answer) {
      answer = work(schema, body);
      answers.set(body, answer);
    }
    const text = await answer;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
  server.keepAliveTimeout = 60_000;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`);
    });
  });
}

async function work(schema: GraphQLSchema, body: string): Promise<string> {
  const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
  return JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? {} }));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
