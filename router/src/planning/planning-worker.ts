import { parentPort } from 'node:worker_threads';
import { operationFromDocument, type Schema, Supergraph } from '@apollo/federation-internals';
import { prettyFormatQueryPlan, type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { stripAuth } from '@mercato/schema/strip-auth';
import { parse, printSchema } from 'graphql';
import type { PublishedSubgraph } from './compose-published.ts';
import type { Reply, Request } from './messages.ts';

/** Plans, away from the thread that answers: exploring the ways through a graph can take long, and blocks. */
interface Loaded {
  readonly planner: QueryPlanner;
  readonly apiSchema: Schema;
}

const graphs = new Map<number, Loaded>();

function load(graph: number, supergraphSdl: string): string {
  const supergraph = Supergraph.build(stripAuth(supergraphSdl), { validateSupergraph: true });
  const planner = new QueryPlanner(supergraph, {
    // The router keeps plans itself, with the operations they belong to.
    cache: { get: async () => undefined, set: async () => {}, delete: async () => true, clear: () => {} },
  });
  const apiSchema = supergraph.apiSchema();
  graphs.set(graph, { planner, apiSchema });
  return printSchema(apiSchema.toGraphQLJSSchema());
}

function plan(graph: number, text: string, operationName: string | undefined): QueryPlan {
  const loaded = graphs.get(graph);
  if (!loaded) throw new Error('The graph to plan for was released.');
  const document = parse(text, { noLocation: true });
  const operation = operationFromDocument(loaded.apiSchema, document, operationName ? { operationName } : {});
  return loaded.planner.buildQueryPlan(operation);
}

/** What composes is loaded where it is asked for: most routers are given a supergraph that is composed. */
async function compose(subgraphs: readonly PublishedSubgraph[]): Promise<string> {
  const { composePublished } = await import('./compose-published.ts');
  return JSON.stringify(composePublished(subgraphs));
}

function answer(request: Request): string | Promise<string> {
  switch (request.kind) {
    case 'load':
      return load(request.graph, request.supergraphSdl);
    case 'plan':
      return JSON.stringify(plan(request.graph, request.text, request.operationName));
    case 'describe':
      return prettyFormatQueryPlan(plan(request.graph, request.text, request.operationName));
    case 'release':
      graphs.delete(request.graph);
      return '';
    case 'compose':
      return compose(request.subgraphs);
  }
}

parentPort?.on('message', async (request: Request) => {
  let reply: Reply;
  try {
    reply = { kind: 'done', value: await answer(request) };
  } catch (error) {
    reply = { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
