import { type google, Trace } from '@apollo/usage-reporting-protobuf';
import type { SubgraphAnswer } from '@mercato/subgraph-client';
import type { FetchStep, Step } from '../execution/compiled-plan.ts';
import type { Data } from '../execution/data.ts';

const { QueryPlanNode } = Trace;
type PlanTrace = Trace.QueryPlanNode;

/**
 * What the fields of one operation took: asked of its subgraphs with `apollo-federation-include-trace: ftv1`, which each
 * answers in `extensions.ftv1`, and put along the plan by which they were asked.
 */
export class FieldTraces {
  readonly #begun = process.hrtime.bigint();
  readonly #fetches = new Map<FetchStep, Trace.QueryPlanNode.FetchNode>();
  #plan: PlanTrace | undefined;

  /** @returns to be called with the answer, if one comes */
  asked(step: FetchStep): (answer: SubgraphAnswer) => void {
    const fetch = new QueryPlanNode.FetchNode({
      serviceName: step.subgraph,
      sentTimeOffset: Number(process.hrtime.bigint() - this.#begun),
      sentTime: now(),
    });
    this.#fetches.set(step, fetch);
    return ({ extensions }) => {
      fetch.receivedTime = now();
      if (typeof extensions?.ftv1 !== 'string') return;
      try {
        fetch.trace = readTrace(extensions.ftv1);
      } catch {
        fetch.traceParsingFailed = true;
      }
    };
  }

  /** The operation went through this plan. */
  ran(root: Step, conditions: Readonly<Data>): void {
    this.#plan = this.#along(root, conditions);
  }

  /** Undefined where it was not run. */
  get plan(): PlanTrace | undefined {
    return this.#plan;
  }

  /** Whether all that this subgraph was asked came with a trace, which holds its errors too. */
  areToldBy(subgraph: string): boolean {
    const own = [...this.#fetches.values()].filter(({ serviceName }) => serviceName === subgraph);
    return own.length > 0 && own.every(({ trace }) => trace);
  }

  #along(step: Step, conditions: Readonly<Data>): PlanTrace {
    const through = (steps: readonly Step[]) => steps.map((next) => this.#along(next, conditions));
    switch (step.kind) {
      case 'fetch':
        return this.#fetch(step, step.path);
      case 'sequence':
        return new QueryPlanNode({ sequence: { nodes: through(step.steps) } });
      case 'parallel':
        return new QueryPlanNode({ parallel: { nodes: through(step.steps) } });
      case 'together':
        if (!this.#fetches.has(step.whole)) return new QueryPlanNode({ parallel: { nodes: through(step.steps) } });
        return this.#fetch(step.whole, commonPath(step.steps));
      case 'condition': {
        const { variable: condition } = step;
        const chosen = conditions[condition] ? step.whenTrue : step.whenFalse;
        const ran = chosen && this.#along(chosen, conditions);
        return new QueryPlanNode({
          condition: conditions[condition] ? { condition, ifClause: ran } : { condition, elseClause: ran },
        });
      }
    }
  }

  /** What was known already, or had nothing to be asked about, has no times. */
  #fetch(step: FetchStep, path: readonly string[]): PlanTrace {
    const known = this.#fetches.get(step) ?? new QueryPlanNode.FetchNode({ serviceName: step.subgraph });
    // A subgraph may name its root types otherwise than the graph does.
    for (const field of known.trace?.root?.child ?? []) field.parentType = step.isMutation ? 'Mutation' : 'Query';
    const node = new QueryPlanNode({ fetch: known });
    if (path.length === 0) return node;
    return new QueryPlanNode({ flatten: { responsePath: path.map((fieldName) => ({ fieldName })), node } });
  }
}

/** The part of their paths that they have in common. */
function commonPath(steps: readonly FetchStep[]): readonly string[] {
  const [{ path } = { path: [] }, ...others] = steps;
  const length = path.findIndex((part, index) => others.some((other) => other.path[index] !== part));
  return length < 0 ? path : path.slice(0, length);
}

/** @throws where it is none */
function readTrace(ftv1: string): Trace {
  const trace = Trace.decode(Buffer.from(ftv1, 'base64'));
  if (trace.root) maskErrors(trace.root);
  return trace;
}

/** Of an error its place and code are told: messages may hold what a client sent. */
function maskErrors(node: Trace.INode): void {
  for (const error of node.error ?? []) {
    error.message = '<masked>';
    error.json = JSON.stringify({ message: error.message, extensions: { code: codeIn(error.json) } });
  }
  for (const child of node.child ?? []) maskErrors(child);
}

function codeIn(json: string | null | undefined): string | undefined {
  try {
    const code: unknown = JSON.parse(json ?? '').extensions?.code;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

function now(): google.protobuf.ITimestamp {
  const milliseconds = Date.now();
  return { seconds: Math.floor(milliseconds / 1_000), nanos: (milliseconds % 1_000) * 1e6 };
}
