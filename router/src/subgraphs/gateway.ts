import { ApolloGateway } from '@apollo/gateway';
import { stripAuth } from '@mercato/schema/strip-auth';
import type { Logger } from '@mercato/telemetry';
import { disableApolloTelemetry } from '../environment.ts';
import { createDataSource, type DataSourceParts } from './data-source.ts';

/**
 * Plans operations over the supergraph and runs them through our own data sources. It needs no subgraph to be up:
 * the schema is given, and each call finds out for itself.
 */
export function createGateway(supergraphSdl: string, parts: DataSourceParts, logger: Logger): ApolloGateway {
  disableApolloTelemetry();
  return new ApolloGateway({
    supergraphSdl: stripAuth(supergraphSdl),
    buildService: ({ name }) => createDataSource(name, parts),
    // Plans tell of subgraphs and their fields: nothing for clients.
    __exposeQueryPlanExperimental: false,
    logger: apolloLogger(logger),
  });
}

/** Apollo's packages log texts; here each becomes the message of a line. */
export const apolloLogger = (logger: Logger) => ({
  debug: (message?: unknown) => logger.debug(String(message)),
  info: (message?: unknown) => logger.debug(String(message)),
  warn: (message?: unknown) => logger.warn(String(message)),
  error: (message?: unknown) => logger.error(String(message)),
});

/** The names of the subgraphs, as the supergraph's `join__Graph` lists them. */
export const subgraphNamesIn = (supergraphSdl: string): string[] =>
  [...supergraphSdl.matchAll(/@join__graph\(name: "([^"]+)"/g)].flatMap(([, name]) => (name ? [name] : []));
