import { Counter, Histogram } from 'prom-client';
import { latencyBuckets, secondsSince } from './latency.ts';
import { processRegistry } from './process-registry.ts';

const requests = new Counter({
  name: 'mercato_subgraph_requests_total',
  help: 'Requests that a subgraph answered, by the first of their root fields',
  labelNames: ['subgraph', 'field', 'outcome'],
  registers: [processRegistry],
});

const durations = new Histogram({
  name: 'mercato_subgraph_request_duration_seconds',
  help: 'Time that a subgraph took to answer',
  labelNames: ['subgraph', 'field'],
  buckets: latencyBuckets,
  registers: [processRegistry],
});

/** @param startedAt by `performance.now()` */
export type SubgraphRequestEnded = (field: string, outcome: 'ok' | 'errors', startedAt: number) => void;

/** @returns to be told of each request of a subgraph; `field` is one of the schema's, or `invalid` */
export function measureSubgraphRequests(subgraph: string): SubgraphRequestEnded {
  const byField = new Map<string, ReturnType<typeof childrenOf>>();
  const childrenOf = (field: string) => ({
    ok: requests.labels(subgraph, field, 'ok'),
    errors: requests.labels(subgraph, field, 'errors'),
    duration: durations.labels(subgraph, field),
  });
  return (field, outcome, startedAt) => {
    let children = byField.get(field);
    if (!children) {
      children = childrenOf(field);
      byField.set(field, children);
    }
    children[outcome].inc();
    children.duration.observe(secondsSince(startedAt));
  };
}
