import type { FetchDataRewrite, FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';

/** What one fetch asks of one subgraph, with everything prepared that does not depend on the request. */
export interface FetchStep {
  readonly kind: 'fetch';
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
  readonly requires: readonly QueryPlanSelectionNode[] | undefined;
  readonly inputRewrites: readonly FetchDataRewrite[];
  readonly outputRewrites: readonly FetchDataRewrite[];
  /** Set where other steps of the plan ask the same of entities: theirs need not be asked for again. */
  readonly sharedAs: string | undefined;
}

export type Step =
  | FetchStep
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly Step[] }
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

/** A step of which nothing is known yet but its node. */
interface Draft {
  readonly step: FetchStep;
  readonly asks: string;
}

/** Prepares a plan of Apollo's planner for being run many times. */
export function compilePlan({ node }: QueryPlan): CompiledPlan {
  const drafts = new Map<FetchNode, Draft>();
  const counts = new Map<string, number>();
  const visit = (current: PlanNode, path: readonly string[]) => {
    for (const { fetch, at } of fetchesIn(current, path)) {
      const draft = draftOf(fetch, at);
      drafts.set(fetch, draft);
      if (fetch.requires) counts.set(draft.asks, (counts.get(draft.asks) ?? 0) + 1);
    }
  };
  const rest = node?.kind === 'Subscription' ? node.rest : node;
  if (rest) visit(rest, []);
  const finish = (fetch: FetchNode): FetchStep => {
    const draft = drafts.get(fetch);
    if (!draft) throw new Error('The plan holds a fetch that was not visited.');
    return (counts.get(draft.asks) ?? 0) > 1 ? { ...draft.step, sharedAs: draft.asks } : draft.step;
  };
  return {
    root: rest && stepOf(rest, finish),
    subscription: node?.kind === 'Subscription' ? draftOf(node.primary, []).step : undefined,
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
      return { kind: 'parallel', steps: node.nodes.map((child) => stepOf(child, finish)) };
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

function draftOf(fetch: FetchNode, path: readonly string[]): Draft {
  const { serviceName, operation: query, operationName, requires } = fetch;
  if (fetch.contextRewrites?.length) throw new Error('The plan uses @fromContext, which the router does not do.');
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  const step: FetchStep = {
    kind: 'fetch',
    subgraph: serviceName,
    path,
    query,
    operationName,
    isMutation: fetch.operationKind === 'mutation',
    bodyHead: `{"query":${JSON.stringify(query)}${name},"variables":{`,
    variables: fetch.variableUsages ?? [],
    requires,
    inputRewrites: fetch.inputRewrites ?? [],
    outputRewrites: fetch.outputRewrites ?? [],
    sharedAs: undefined,
  };
  // Operations are named after the client's, with a number for each fetch; what they ask is the rest.
  const asked = query.replace(/^\s*query\s+\w+/, 'query');
  return { step, asks: JSON.stringify([serviceName, asked, requires, fetch.inputRewrites, fetch.outputRewrites]) };
}
