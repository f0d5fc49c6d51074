import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/** The peer: gateway, data sources and server as their documentation sets them up, nothing tuned, nothing added. */
const supergraphFile = process.argv[2];
if (!supergraphFile) throw new Error('Name the file of the supergraph.');
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(supergraphFile, 'utf8') });
const server = new ApolloServer({ gateway });
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
process.send?.({ kind: 'ready', url });
