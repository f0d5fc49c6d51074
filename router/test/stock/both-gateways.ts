import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeSupergraph } from '@mercato/schema/compose';
import { type ExecutionResult, execute, type GraphQLSchema, parse, Source, validate } from 'graphql';
import { expect } from 'vitest';
import type { RouterContext } from '../../src/context.ts';
import { executePlan } from '../../src/execution/execute-plan.ts';
import { KnownEntities } from '../../src/execution/known-entities.ts';
import type { FetchSubgraph } from '../../src/execution/subgraph-fetch.ts';
import { Graph } from '../../src/graph/graph.ts';
import { createLimits } from '../../src/limits/document-limits.ts';
import { Documents } from '../../src/operations/documents.ts';
import { introspect } from '../../src/operations/introspection.ts';
import { PlanningThread } from '../../src/planning/planning-thread.ts';
import { shape } from '../../src/shaping/shape.ts';
import { library } from './library.ts';

type SubgraphModule = Extract<Parameters<typeof buildSubgraphSchema>[0], { typeDefs: unknown }>;

/** Subgraphs by their names. */
export type Subgraphs = Readonly<Record<string, { readonly typeDefs: string } & Pick<SubgraphModule, 'resolvers'>>>;

/**
 * What is compared: data as JSON, and for each error its message and path, without the places in lists: where a list holds
 * entities of other types too, the stock gateway tells wrong ones.
 */
export interface Outcome {
  readonly data: unknown;
  readonly errors: readonly string[];
}

/** The same subgraphs behind the stock gateway's executor and ours. */
export interface BothGateways {
  readonly schema: GraphQLSchema;
  stock(query: string, variables: Record<string, unknown>): Promise<Outcome>;
  ours(query: string, variables: Record<string, unknown>): Promise<Outcome & { calls: number; paths: unknown[] }>;
  close(): Promise<void>;
}

export async function bothGateways(subgraphs: Subgraphs = library): Promise<BothGateways> {
  const schemas = new Map(
    Object.entries(subgraphs).map(([name, { typeDefs, resolvers }]) => [
      name,
      buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers }),
    ]),
  );
  const supergraphSdl = composeSupergraph(
    Object.entries(subgraphs).map(([name, { typeDefs }]) => ({ name, source: new Source(typeDefs, name) })),
  );
  const schemaOf = (name: string): GraphQLSchema => {
    const schema = schemas.get(name);
    if (!schema) throw new Error(`There is no ${name}.`);
    return schema;
  };
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => new LocalGraphQLDataSource(schemaOf(name)),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const { executor } = await gateway.load();
  const planning = new PlanningThread({ timeoutMs: 30_000 });
  const graph = await Graph.load(supergraphSdl, planning);
  const documents = new Documents({ graph, introspection: true, limits: createLimits() });

  return {
    schema: graph.schema,
    async stock(query, variables) {
      const document = parse(query);
      const operation = document.definitions.find((definition) => definition.kind === 'OperationDefinition');
      if (operation?.kind !== 'OperationDefinition') throw new Error('There is no operation.');
      const result = await executor({
        document,
        operation,
        operationName: null,
        queryHash: query,
        source: query,
        request: { query, variables },
        schema: graph.schema,
        context: {},
        metrics: {},
        logger: console,
        cache: { get: async () => undefined, set: async () => {}, delete: async () => {} },
        // The executor reads nothing else of what Apollo Server gives it.
      } as unknown as Parameters<typeof executor>[0]);
      return outcomeOf(result);
    },
    async ours(query, variables) {
      const operation = documents.read(query, undefined);
      let calls = 0;
      const fetchSubgraph: FetchSubgraph = async ({ step, body }) => {
        calls += 1;
        // What is sent is the text: it has to be whole.
        const sent = JSON.parse(body);
        const schema = schemaOf(step.subgraph);
        const document = parse(sent.query);
        expect(validate(schema, document), sent.query).toEqual([]);
        const result = await execute({ schema, document, variableValues: sent.variables });
        const { data = null, errors = [] } = JSON.parse(JSON.stringify(result));
        return { data, errors, failed: false };
      };
      const conditions = operation.conditions(variables);
      const execution = {
        data: {},
        errors: [],
        variables,
        conditions,
        types: graph.types,
        fetchSubgraph,
        context: {} as RouterContext,
        isQuery: operation.type === 'query',
        known: new KnownEntities(),
      };
      const { root } = await operation.whole.plan();
      if (root) await executePlan(root, execution);
      const { data } = shape(operation.whole.shape(conditions), execution.data, introspect(operation, variables));
      const paths = execution.errors.map(({ path }: { path?: unknown }) => path);
      return { ...outcomeOf({ data, errors: execution.errors } as ExecutionResult), calls, paths };
    },
    async close() {
      await gateway.stop();
      await planning.close();
    },
  };
}

const outcomeOf = ({ data, errors = [] }: ExecutionResult): Outcome => ({
  data: JSON.parse(JSON.stringify(data ?? null)),
  errors: [
    ...new Set(
      errors.map(
        ({ message, path }) => `${message} at ${(path ?? []).filter((part) => typeof part === 'string').join('.')}`,
      ),
    ),
  ].sort(),
});
