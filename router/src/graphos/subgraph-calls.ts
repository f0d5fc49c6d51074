import { type google, Trace } from '@apollo/usage-reporting-protobuf';
import type { SubgraphAnswer } from '@mercato/subgraph-client';
import type { GraphQLFormattedError } from 'graphql';
import type { FetchStep, Step } from '../execution/compiled-plan.ts';
import type { Data } from '../execution/data.ts';

const { QueryPlanNode } = Trace;
type PlanTrace = Trace.QueryPlanNode;
type Call = Trace.QueryPlanNode.FetchNode;

/** An error that no trace tells, by its path in the answer of its subgraph. */
interface UntracedError {
  readonly subgraph: string;
  readonly path: readonly (string | number)[];
}

/** In base64. Reading a larger trace would hold up the others. */
const longestTrace = 4_000_000;
const longestCode = 100;

/**
 * The calls to subgraphs that one operation takes, as GraphOS is told of them: their errors, and of operations that are
 * traced what each field took. Subgraphs tell that in `extensions.ftv1` when they are asked for it.
 */
export class SubgraphCalls {
  /** Whether subgraphs are asked what their fields took. */
  readonly areTraced: boolean;
  readonly #untraced: UntracedError[] = [];
  readonly #begun = process.hrtime.bigint();
  readonly #traced = new Map<FetchStep, Call>();
  #plan: PlanTrace | undefined;

  constructor({ areTraced }: { areTraced: boolean }) {
    this.areTraced = areTraced;
  }

  /** @returns called once, with what the client is told of it and the answer, if it is one */
  begin(step: FetchStep): (errors: readonly GraphQLFormattedError[], answer?: SubgraphAnswer) => void {
    const call = this.areTraced ? this.#send(step) : undefined;
    return (errors, answer) => {
      if (call && answer) receive(call, answer);
      // What a trace tells is not told twice.
      if (!call?.trace) this.failed(step.subgraph, errors);
    };
  }

  failed(subgraph: string, errors: readonly GraphQLFormattedError[]): void {
    for (const { path = [] } of errors) this.#untraced.push({ subgraph, path });
  }

  /** The operation went through this plan. */
  ran(root: Step, conditions: Readonly<Data>): void {
    if (this.areTraced) this.#plan = this.#along(root, conditions);
  }

  /** What the calls took, along the plan; undefined where they are not traced, or nothing was run. */
  get plan(): PlanTrace | undefined {
    return this.#plan;
  }

  get untracedErrors(): readonly UntracedError[] {
    return this.#untraced;
  }

  /** Whether this subgraph's errors are among what is known here. */
  include(subgraph: string): boolean {
    const known = [...this.#traced.keys(), ...this.#untraced];
    return known.some((one) => one.subgraph === subgraph);
  }

  #send(step: FetchStep): Call {
    const call = new QueryPlanNode.FetchNode({
      serviceName: step.subgraph,
      sentTimeOffset: Number(process.hrtime.bigint() - this.#begun),
      sentTime: now(),
    });
    this.#traced.set(step, call);
    return call;
  }

  #along(step: Step, conditions: Readonly<Data>): PlanTrace {
    const through = (steps: readonly Step[]) => steps.map((next) => this.#along(next, conditions));
    switch (step.kind) {
      case 'fetch':
        return this.#call(step, step.path);
      case 'sequence':
        return new QueryPlanNode({ sequence: { nodes: through(step.steps) } });
      case 'parallel':
        return new QueryPlanNode({ parallel: { nodes: through(step.steps) } });
      case 'together':
        if (this.#traced.has(step.whole)) return this.#call(step.whole, commonPath(step.steps));
        return new QueryPlanNode({ parallel: { nodes: through(step.steps) } });
      case 'condition': {
        // Apollo's reports have a node for it, and count nothing within.
        const chosen = conditions[step.variable] ? step.whenTrue : step.whenFalse;
        return chosen ? this.#along(chosen, conditions) : new QueryPlanNode();
      }
    }
  }

  /** What was known already, or had nothing to be asked about, has no times. */
  #call(step: FetchStep, path: readonly string[]): PlanTrace {
    const fetch = this.#traced.get(step) ?? new QueryPlanNode.FetchNode({ serviceName: step.subgraph });
    // A subgraph may name its root types otherwise than the graph does.
    for (const field of fetch.trace?.root?.child ?? []) field.parentType = step.isMutation ? 'Mutation' : 'Query';
    const node = new QueryPlanNode({ fetch });
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

function receive(call: Call, { extensions }: SubgraphAnswer): void {
  call.receivedTime = now();
  if (extensions?.ftv1 === undefined) return;
  try {
    call.trace = readTrace(extensions.ftv1);
  } catch {
    call.traceParsingFailed = true;
  }
}

/**
 * Its fields and times alone: what else a trace may hold, such as headers, is nobody's business.
 * @throws where it is none
 */
function readTrace(ftv1: unknown): Trace {
  if (typeof ftv1 !== 'string' || ftv1.length > longestTrace) throw new TypeError('It is no trace that can be read.');
  const { root, startTime, endTime, durationNs } = Trace.decode(Buffer.from(ftv1, 'base64'));
  if (!root) throw new TypeError('The trace has no fields.');
  maskErrors(root);
  return new Trace({ root, startTime, endTime, durationNs });
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
    return typeof code === 'string' ? code.slice(0, longestCode) : undefined;
  } catch {
    return undefined;
  }
}

function now(): google.protobuf.ITimestamp {
  const milliseconds = Date.now();
  return { seconds: Math.floor(milliseconds / 1_000), nanos: (milliseconds % 1_000) * 1e6 };
}
