import type { HttpTransport, SubgraphSnapshot, SubgraphTransport } from '@mercato/subgraph-client';
import { Counter, Gauge, type Registry } from '@mercato/telemetry/metrics';
import type { EntityCacheSnapshot } from '../caching/entity-cache/entity-cache.ts';
import type { DocumentCounts } from '../operations/documents.ts';
import type { ServedSchema } from '../schema-lifecycle/served-schema.ts';
import type { Live } from '../subscriptions/useSubscriptions.ts';
import type { PersistedQueries } from '../trusted-documents/persisted-queries.ts';

/** Parts of the router that count for themselves, and are asked when somebody wants to know. */
export interface CountingParts {
  readonly transport: SubgraphTransport;
  readonly schema: Pick<ServedSchema, 'state' | 'counts'>;
  readonly documents: DocumentCounts;
  readonly persisted: Pick<PersistedQueries, 'counts'>;
  readonly live: Pick<Live, 'subscriptions' | 'connections'>;
  readonly entityCache: (() => EntityCacheSnapshot) | undefined;
}

type Value = readonly [labels: Record<string, string>, value: number];

/** Reads what the router's parts count into metrics, at each scrape. */
export function measureState(registry: Registry, parts: CountingParts): void {
  const { transport, schema, documents, persisted, live, entityCache } = parts;
  const metrics = metricsOf(registry);
  const { total, gauge } = metrics;
  total('mercato_router_documents_total', 'Documents that came: known, or read anew', ['outcome'], () => [
    [{ outcome: 'known' }, documents.known],
    [{ outcome: 'read' }, documents.read],
  ]);
  total('mercato_router_persisted_queries_total', 'Documents that were named by their hash', ['outcome'], () => [
    [{ outcome: 'found' }, persisted.counts.found],
    [{ outcome: 'missing' }, persisted.counts.missing],
    [{ outcome: 'registered' }, persisted.counts.registered],
  ]);
  gauge('mercato_router_subscriptions_open', 'Subscriptions that clients follow now', [], () => [
    [{}, live.subscriptions.open],
  ]);
  total('mercato_router_subscription_events_total', 'Events of subscriptions that came from subgraphs', [], () => [
    [{}, live.subscriptions.events],
  ]);
  gauge('mercato_router_connections_open', 'Connections of clients that stay', ['kind'], () =>
    Object.entries(live.connections()).map(([kind, open]) => [{ kind }, open]),
  );
  gauge('mercato_router_schema_info', 'The version of the supergraph that is served', ['version'], () => [
    [{ version: schema.state.version }, 1],
  ]);
  total('mercato_router_schema_changes_total', 'Schemas that were offered since the start', ['outcome'], () => [
    [{ outcome: 'served' }, schema.counts.served],
    [{ outcome: 'refused' }, schema.counts.refused],
  ]);
  if (entityCache) measureEntityCache(metrics, entityCache);
  if (isBalanced(transport)) measureBalancing(metrics, () => Object.entries(transport.snapshot()));
}

function measureEntityCache({ total, gauge }: Metrics, snapshot: () => EntityCacheSnapshot): void {
  total(
    'mercato_router_entity_cache_lookups_total',
    'Entities and root fields that were looked for',
    ['outcome'],
    () => {
      const { hits, sharedHits, misses } = snapshot();
      return [
        [{ outcome: 'hit' }, hits - sharedHits],
        [{ outcome: 'shared-hit' }, sharedHits],
        [{ outcome: 'miss' }, misses],
      ];
    },
  );
  total('mercato_router_entity_cache_invalidations_total', 'Changes that were heard of', [], () => [
    [{}, snapshot().invalidations],
  ]);
  gauge('mercato_router_entity_cache_entries', 'Entries that are kept', [], () => [[{}, snapshot().entries]]);
  gauge('mercato_router_entity_cache_bytes', 'Memory of the entries, estimated', [], () => [[{}, snapshot().bytes]]);
}

function measureBalancing({ total, gauge }: Metrics, snapshots: () => [string, SubgraphSnapshot][]): void {
  const each = (numberOf: (snapshot: SubgraphSnapshot) => number) => (): Value[] =>
    snapshots().map(([subgraph, snapshot]) => [{ subgraph }, numberOf(snapshot)]);
  gauge(
    'mercato_router_subgraph_breaker_state',
    'Whether calls are let through: 0 all, 1 one to try, 2 none',
    ['subgraph'],
    each(({ breaker }) => ({ closed: 0, 'half-open': 1, open: 2 })[breaker]),
  );
  total(
    'mercato_router_subgraph_breaker_openings_total',
    'How often calls were stopped',
    ['subgraph'],
    each(({ breakerOpenings }) => breakerOpenings),
  );
  total(
    'mercato_router_subgraph_retries_total',
    'Calls that were sent again',
    ['subgraph'],
    each(({ retries }) => retries),
  );
  total(
    'mercato_router_subgraph_retries_withheld_total',
    'Calls that the budget did not let be sent again',
    ['subgraph'],
    each(({ retriesWithheld }) => retriesWithheld),
  );
  gauge(
    'mercato_router_subgraph_instances',
    'Instances that are known: asked, ejected because they failed, or about to end',
    ['subgraph', 'state'],
    () => snapshots().flatMap(([subgraph, snapshot]) => instancesByState(subgraph, snapshot)),
  );
}

function instancesByState(subgraph: string, { instances }: SubgraphSnapshot): Value[] {
  const counts = { serving: 0, ejected: 0, draining: 0 };
  for (const { draining, ejected } of instances) counts[draining ? 'draining' : ejected ? 'ejected' : 'serving'] += 1;
  return Object.entries(counts).map(([state, count]) => [{ subgraph, state }, count]);
}

const isBalanced = (transport: SubgraphTransport): transport is HttpTransport => 'snapshot' in transport;

type Metrics = ReturnType<typeof metricsOf>;

function metricsOf(registry: Registry) {
  const registers = [registry];
  return {
    total(name: string, help: string, labelNames: string[], values: () => Value[]): void {
      new Counter({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const [labels, value] of values()) this.inc(labels, value);
        },
      });
    },
    gauge(name: string, help: string, labelNames: string[], values: () => Value[]): void {
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const [labels, value] of values()) this.set(labels, value);
        },
      });
    },
  };
}
