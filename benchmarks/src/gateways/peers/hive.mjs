// Hive Gateway as its documentation sets it up in a program of one's own; with `rust`, planned and executed by the
// runtime of its Rust router. What its command line sets beside this is for development.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

const [, , supergraphFile, planner] = process.argv;
const gateway = createGatewayRuntime({
  supergraph: readFileSync(supergraphFile, 'utf8'),
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
  },
  ...(planner === 'rust' ? { unifiedGraphHandler } : {}),
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => {
  process.send({ kind: 'ready', url: `http://127.0.0.1:${server.address().port}/graphql` });
});
process.once('SIGTERM', () => process.exit());
process.once('disconnect', () => process.exit());
