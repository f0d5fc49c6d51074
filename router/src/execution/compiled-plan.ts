import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import type { AuthorizationRules } from '../authorization/read-rules.ts';
import type { EntityKeys } from '../graph/entity-keys.ts';
import type { Ask } from './asks.ts';
import { joinSteps } from './join-steps.ts';
import { Requirements } from './requirements.ts';
import { shareAsks } from './share-asks.ts';

/** What of a graph steps of its plans are prepared with. */
export interface PlannedGraph {
  readonly supergraphSdl: string;
  readonly keys: EntityKeys;
  readonly rules: AuthorizationRules;
}

/** What one fetch asks of one subgraph, with everything prepared that does not depend on the request. */
export interface FetchStep {
  readonly kind: 'fetch';
  readonly graph: PlannedGraph;
  readonly subgraph: string;
  /** Where in the data its answer belongs: response names, and `@` for each entry of a list. */
  readonly path: readonly string[];
  readonly query: string;
  readonly operationName: string | undefined;
  readonly isMutation: boolean;
  /** The request's JSON as far as it is the same each time: up to within the braces of its variables. */
  readonly bodyHead: string;
  readonly variables: readonly string[];
  /** What of an entity is sent to have it completed; undefined for a fetch from the root. */
  readonly requires: Requirements | undefined;
  readonly inputRewrites: readonly FetchDataRewrite[];
  readonly outputRewrites: readonly FetchDataRewrite[];
  /** What it asks of entities, by type, where another step may answer that too. */
  readonly asks: ReadonlyMap<string, Ask> | undefined;
  /** Which asks its answers about entities answer, by type. */
  readonly answers: ReadonlyMap<string, readonly Ask[]> | undefined;
  /** Where else in its answer there are entities that other steps ask about. */
  readonly sightings: readonly { readonly path: readonly string[]; readonly asks: ReadonlyMap<string, Ask> }[];
}

export type Step =
  | FetchStep
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly Step[] }
  /** Steps of one subgraph that could run at the same time, in one call: `whole` asks what all of them ask. */
  | { readonly kind: 'together'; readonly whole: FetchStep; readonly steps: readonly FetchStep[] }
  | {
      readonly kind: 'condition';
      readonly variable: string;
      readonly whenTrue: Step | undefined;
      readonly whenFalse: Step | undefined;
    };

/** How a subscription's events become answers. */
export interface CompiledPlan {
  /** Undefined where nothing is to be fetched, such as for introspection alone. */
  readonly root: Step | undefined;
  /** The fetch that a subscription's events come from; `root` is what completes each of them. */
  readonly subscription: FetchStep | undefined;
}

/** Prepares a plan of Apollo's planner for being run many times. */
export function compilePlan({ node }: QueryPlan, graph: PlannedGraph): CompiledPlan {
  const rest = node?.kind === 'Subscription' ? node.rest : node;
  const steps = new Map<FetchNode, FetchStep>();
  if (rest) for (const { fetch, at } of fetchesIn(rest, [])) steps.set(fetch, fetchStep(fetch, at, graph));
  const shared = shareAsks([...steps.values()], graph.keys);
  return {
    root:
      rest &&
      stepOf(rest, (fetch) => {
        const step = steps.get(fetch);
        if (!step) throw new Error('The plan holds a fetch that was not visited.');
        return shared.get(step) ?? step;
      }),
    subscription: node?.kind === 'Subscription' ? fetchStep(node.primary, [], graph) : undefined,
  };
}

function* fetchesIn(node: PlanNode, path: readonly string[]): Generator<{ fetch: FetchNode; at: readonly string[] }> {
  switch (node.kind) {
    case 'Fetch':
      yield { fetch: node, at: path };
      return;
    case 'Flatten':
      yield* fetchesIn(node.node, [...path, ...node.path.map(String)]);
      return;
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) yield* fetchesIn(child, path);
      return;
    case 'Condition':
      if (node.ifClause) yield* fetchesIn(node.ifClause, path);
      if (node.elseClause) yield* fetchesIn(node.elseClause, path);
      return;
    case 'Defer':
      throw new Error('The plan defers, which the router does not do.');
  }
}

function stepOf(node: PlanNode, finish: (fetch: FetchNode) => FetchStep): Step {
  switch (node.kind) {
    case 'Fetch':
      return finish(node);
    case 'Flatten':
      return stepOf(node.node, finish);
    case 'Sequence':
      return { kind: 'sequence', steps: node.nodes.map((child) => stepOf(child, finish)) };
    case 'Parallel':
      return parallel(node.nodes.map((child) => stepOf(child, finish)));
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        whenTrue: node.ifClause && stepOf(node.ifClause, finish),
        whenFalse: node.elseClause && stepOf(node.elseClause, finish),
      };
    case 'Defer':
      throw new Error('The plan defers, which the router does not do.');
  }
}

function parallel(steps: readonly Step[]): Step {
  const joined = joinSteps(steps);
  const [only] = joined;
  return only && joined.length === 1 ? only : { kind: 'parallel', steps: joined };
}

function fetchStep(fetch: FetchNode, path: readonly string[], graph: PlannedGraph): FetchStep {
  const { serviceName, operation: query, operationName, requires } = fetch;
  if (fetch.contextRewrites?.length) throw new Error('The plan uses @fromContext, which the router does not do.');
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return {
    kind: 'fetch',
    graph,
    subgraph: serviceName,
    path,
    query,
    operationName,
    isMutation: fetch.operationKind === 'mutation',
    bodyHead: `{"query":${JSON.stringify(query)}${name},"variables":{`,
    variables: fetch.variableUsages ?? [],
    requires: requires && new Requirements(requires),
    inputRewrites: fetch.inputRewrites ?? [],
    outputRewrites: fetch.outputRewrites ?? [],
    asks: undefined,
    answers: undefined,
    sightings: [],
  };
}
