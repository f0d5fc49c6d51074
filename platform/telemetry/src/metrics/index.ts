export { Counter, Gauge, Histogram, Registry } from 'prom-client';
export { BoundedNames, otherNames } from './bounded-names.ts';
export { type Exposition, exposition, listenForMetrics, type MetricsListener } from './exposition.ts';
export { type JobOutcome, jobEnded } from './jobs.ts';
export { latencyBuckets, secondsSince } from './latency.ts';
export { measureOutbox, type OutboxBacklog } from './outbox.ts';
export { measureStatements, type StatementEnded } from './statements.ts';
export { measureSubgraphRequests, type SubgraphRequestEnded } from './subgraph-requests.ts';
