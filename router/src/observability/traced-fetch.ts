import type { Tracer } from '@mercato/telemetry/tracing';
import type { FetchSubgraph } from '../execution/subgraph-fetch.ts';

/** Records each call to a subgraph, which continues the trace from there. */
export const tracedFetch =
  (fetchSubgraph: FetchSubgraph, tracer: Tracer): FetchSubgraph =>
  async (request, context) => {
    const { step, entities } = request;
    const span = tracer.start(`fetch ${step.subgraph}`, 'client', context.trace, {
      'mercato.subgraph': step.subgraph,
      'mercato.entities': entities,
      'graphql.operation.name': step.operationName,
    });
    const outcome = await fetchSubgraph(request, { ...context, trace: span.trace });
    const [error] = outcome.errors;
    if (error) span.failed(String(error.extensions?.code ?? 'GraphQLError'));
    span.end();
    return outcome;
  };
