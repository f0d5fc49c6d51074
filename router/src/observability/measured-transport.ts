import { type SubgraphTransport, SubgraphUnavailableError } from '@mercato/subgraph-client';
import { Counter, Histogram, latencyBuckets, type Registry, secondsSince } from '@mercato/telemetry/metrics';

const outcomes = [
  'ok',
  'errors',
  'failed',
  'unreachable',
  'timeout',
  'bad-response',
  'aborted',
  'circuit-open',
] as const;
type Outcome = (typeof outcomes)[number];

interface Series {
  readonly duration: { observe(seconds: number): void };
  readonly outcomes: Readonly<Record<Outcome, { inc(): void }>>;
}

/** Counts the calls to subgraphs, and how long each took with all its attempts. */
export function measuredTransport(transport: SubgraphTransport, registry: Registry): SubgraphTransport {
  const calls = new Counter({
    name: 'mercato_router_subgraph_calls_total',
    help: 'Calls to subgraphs by their ends: answered, answered with errors, or the reason why there is no answer',
    labelNames: ['subgraph', 'outcome'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'mercato_router_subgraph_call_duration_seconds',
    help: 'Time that calls to subgraphs took, with all their attempts',
    labelNames: ['subgraph'],
    buckets: latencyBuckets,
    registers: [registry],
  });
  const bySubgraph = new Map<string, Series>();
  const seriesOf = (subgraph: string): Series => {
    let series = bySubgraph.get(subgraph);
    if (!series) {
      const counters = outcomes.map((outcome) => [outcome, calls.labels(subgraph, outcome)] as const);
      series = {
        duration: durations.labels(subgraph),
        outcomes: Object.fromEntries(counters) as Record<Outcome, { inc(): void }>,
      };
      bySubgraph.set(subgraph, series);
    }
    return series;
  };

  return {
    async send(subgraph, request, options) {
      const series = seriesOf(subgraph);
      const startedAt = performance.now();
      let outcome: Outcome = 'failed';
      try {
        const answer = await transport.send(subgraph, request, options);
        outcome = answer.errors ? 'errors' : 'ok';
        return answer;
      } catch (error) {
        if (error instanceof SubgraphUnavailableError) outcome = error.reason;
        throw error;
      } finally {
        series.outcomes[outcome].inc();
        series.duration.observe(secondsSince(startedAt));
      }
    },
    subscribe: (subgraph, request, options) => transport.subscribe(subgraph, request, options),
    close: () => transport.close(),
  };
}
