import type { SubgraphTransport } from '@mercato/subgraph-client';
import { listenForMetrics, type MetricsListener, Registry } from '@mercato/telemetry/metrics';
import type { FastifyInstance } from 'fastify';
import type { RouterOptions } from '../options.ts';
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts';
import { measuredTransport } from './measured-transport.ts';
import { OperationMetrics } from './operation-metrics.ts';
import { measureQueues } from './queue-metrics.ts';
import { type CountingParts, measureState } from './state-metrics.ts';
import { useMetrics } from './useMetrics.ts';

/** What one router measures. Each of its parts is made once, as the router is put together. */
export function createMetrics() {
  const registry = new Registry();
  const documents = { known: 0, read: 0 };
  return {
    documents,
    transport: (transport: SubgraphTransport) => measuredTransport(transport, registry),
    operations: (trusted: TrustedDocuments) => new OperationMetrics(registry, trusted),

    /** Tells them at `/metrics`, and at a port of their own where one is set. */
    serve(
      server: FastifyInstance,
      { identity, host, queues, queueNames = [], metrics = {} }: RouterOptions,
      parts: Omit<CountingParts, 'documents'>,
    ): Promise<MetricsListener> | undefined {
      measureState(registry, { ...parts, documents });
      if (queues) measureQueues(registry, queues, queueNames);
      const exposed = useMetrics(server, registry, { identity, open: metrics.open ?? false });
      if (metrics.port === undefined) return undefined;
      return listenForMetrics(exposed, { port: metrics.port, host: metrics.host ?? host });
    },
  };
}
