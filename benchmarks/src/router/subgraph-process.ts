import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { trivialSubgraphs } from './subgraphs.ts';

/** One of the trivial subgraphs in stock Apollo Server: the same process answers both routers. */
const subgraph = trivialSubgraphs.find(({ name }) => name === process.argv[2]);
if (!subgraph) throw new Error('Name one of the trivial subgraphs.');
const server = new ApolloServer({ schema: buildSubgraphSchema(subgraph) });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
process.send?.({ kind: 'ready', url });
