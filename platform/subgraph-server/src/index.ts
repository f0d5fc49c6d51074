export type { SubgraphCall } from './call.ts';
export type { SubgraphDependencies } from './dependencies.ts';
export { maskError } from './mask-error.ts';
export { runSubgraphProcess } from './process.ts';
export { runService, runStatelessService, serviceVariables, statelessServiceVariables } from './service.ts';
export { createSubgraphServer, type Subgraph, type SubgraphDefinition } from './subgraph.ts';
export type { SubgraphWorker } from './worker.ts';
