// A subgraph's instance for tests of its callers: a process of its own, to be killed and stopped. It answers after
// LATENCY_MS, counts the mutations that it was given, and says its port to whoever started it.
import { createServer } from 'node:http';
import { env } from 'node:process';

const { NAME, LATENCY_MS, PORT = '0' } = env;
let mutations = 0;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  if (body.includes('mutation')) mutations += 1;
  setTimeout(() => response.end(JSON.stringify({ data: { who: NAME, mutations } })), Number(LATENCY_MS));
});
server.listen(Number(PORT), '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
