export type { DnsSettings, SubgraphUrls } from './configured-instances.ts';
export { connectRegistry } from './connect.ts';
export { type ConnectedSubgraphs, connectSubgraphs } from './connect-subgraphs.ts';
export type { Rhythm } from './lease.ts';
export type { Announced, Announcement, Registry } from './registry.ts';
export { schemaHash } from './schema-hash.ts';
export { dnsServers, registryUrl, subgraphUrls } from './settings.ts';
export { subgraphInstances } from './subgraph-instances.ts';
export type { SubgraphSchemas, SubgraphSdl } from './subgraph-schemas.ts';
