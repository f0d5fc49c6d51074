export type { PartialBalancing } from './balancing/settings.ts';
export type { InstanceSnapshot, SubgraphSnapshot } from './balancing/snapshot.ts';
export { createSubgraphClient, SubgraphAnswerError, type SubgraphClient } from './client.ts';
export { type HttpTransport, httpTransport } from './http-transport.ts';
export { type InProcessSubgraph, inProcessTransport } from './in-process-transport.ts';
export { type Instance, type InstanceSource, instancesByUrl, staticInstances } from './instances.ts';
export { type CallSignal, Interest } from './interest.ts';
export {
  type SubgraphAnswer,
  type SubgraphAnswers,
  type SubgraphCallOptions,
  type SubgraphRequest,
  type SubgraphTransport,
  SubgraphUnavailableError,
} from './transport.ts';
