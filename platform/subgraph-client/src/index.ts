export { createSubgraphClient, SubgraphAnswerError, type SubgraphClient } from './client.ts';
export { httpTransport } from './http-transport.ts';
export { type InProcessSubgraph, inProcessTransport } from './in-process-transport.ts';
export { type CallSignal, Interest } from './interest.ts';
export {
  type SubgraphAnswer,
  type SubgraphAnswers,
  type SubgraphCallOptions,
  type SubgraphRequest,
  type SubgraphTransport,
  SubgraphUnavailableError,
} from './transport.ts';
