import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import type { Composed, PublishedSubgraph } from './compose-published.ts';
import type { Reply, Request } from './messages.ts';

/** The operation could not be planned within the time or memory that one may take. */
export class PlanningTooCostlyError extends Error {
  override readonly name = 'PlanningTooCostlyError';
}

/** So many operations wait to be planned that another would not be answered in time. */
export class PlanningBusyError extends Error {
  override readonly name = 'PlanningBusyError';
}

export interface PlanningLimits {
  /** Milliseconds that planning one operation may take; then its thread is ended, and another started. */
  readonly timeoutMs: number;
  /** Mebibytes of memory for the thread. */
  readonly memoryMb: number;
  /** Operations that may wait. */
  readonly waiting: number;
}

export const defaultPlanningLimits: PlanningLimits = { timeoutMs: 3_000, memoryMb: 512, waiting: 200 };

/** Planning is seldom: room for its garbage, in mebibytes, would be kept for ever and used for milliseconds. */
const youngMb = 8;

/** Loading a supergraph is our own doing, and happens while the old one still serves. */
const loadTimeoutMs = 60_000;

interface Task {
  readonly request: Request;
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
}

/** Run from its source in development, from its bundle in production. */
const program = new URL('./planning-worker.ts', import.meta.url);
const isSource = program.pathname.endsWith('.ts');

/** A thread does not inherit the translation of TypeScript: this asks for it, then starts the program. */
function translated(source: URL): string {
  // The package's CommonJS entry does not find its own parts in a thread.
  const translator = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/\.cjs$/, '.mjs'),
  );
  const load = `import(${JSON.stringify(translator.href)}).then(({ register }) => register())`;
  return `${load}.then(() => import(${JSON.stringify(source.href)}));`;
}

const costly = (what: string, why: string): PlanningTooCostlyError =>
  new PlanningTooCostlyError(`${what} ${why} to plan.`);

const outOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

/**
 * One thread that plans for all graphs of a router. What takes too long is cut off with the thread; the next one
 * learns the graphs anew, and goes on with what waits.
 */
export class PlanningThread {
  readonly #limits: PlanningLimits;
  readonly #graphs = new Map<number, string>();
  readonly #waiting: Task[] = [];
  #running: Task | undefined;
  #timer: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #nextGraph = 1;
  #closed = false;

  constructor(limits: Partial<PlanningLimits> = {}) {
    this.#limits = { ...defaultPlanningLimits, ...limits };
  }

  /**
   * Takes in a supergraph.
   * @returns its number here, and the SDL of the schema that clients see
   */
  async load(supergraphSdl: string): Promise<{ graph: number; apiSdl: string }> {
    const graph = this.#nextGraph++;
    const apiSdl = await this.#ask({ kind: 'load', graph, supergraphSdl });
    this.#graphs.set(graph, supergraphSdl);
    return { graph, apiSdl };
  }

  /** @throws PlanningTooCostlyError, PlanningBusyError */
  async plan(graph: number, text: string, operationName: string | undefined): Promise<QueryPlan> {
    this.#mayWait();
    return JSON.parse(await this.#ask({ kind: 'plan', graph, text, operationName })) as QueryPlan;
  }

  /** A plan as people read it. @throws PlanningTooCostlyError, PlanningBusyError */
  async describe(graph: number, text: string, operationName: string | undefined): Promise<string> {
    this.#mayWait();
    return this.#ask({ kind: 'describe', graph, text, operationName });
  }

  /** Composes what subgraphs published. @throws PlanningTooCostlyError where that takes too much */
  async compose(subgraphs: readonly PublishedSubgraph[]): Promise<Composed> {
    return JSON.parse(await this.#ask({ kind: 'compose', subgraphs })) as Composed;
  }

  /** Whether it plans for any graph. */
  get isEmpty(): boolean {
    return this.#graphs.size === 0;
  }

  /** Nothing of this graph is planned any more. */
  release(graph: number): void {
    if (!this.#graphs.delete(graph) || this.#closed) return;
    this.#ask({ kind: 'release', graph }).catch(() => {
      // A thread that ended has forgotten it already.
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const closing = new Error('The router is closing.');
    for (const task of [this.#running, ...this.#waiting.splice(0)]) task?.reject(closing);
    this.#running = undefined;
    await this.#worker?.terminate();
  }

  #mayWait(): void {
    if (this.#waiting.length < this.#limits.waiting) return;
    throw new PlanningBusyError('Too many operations wait to be planned.');
  }

  #ask(request: Request): Promise<string> {
    if (this.#closed) return Promise.reject(new Error('The router is closing.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running || this.#closed) return;
    const task = this.#waiting.shift();
    if (!task) return;
    this.#running = task;
    this.#worker ??= this.#start();
    this.#worker.ref();
    const isOperation = task.request.kind === 'plan' || task.request.kind === 'describe';
    const timeoutMs = isOperation ? this.#limits.timeoutMs : loadTimeoutMs;
    const what = isOperation ? 'The operation' : 'The schema';
    this.#timer = setTimeout(() => this.#cutOff(costly(what, 'takes too long')), timeoutMs);
    this.#worker.postMessage(task.request);
  }

  #start(): Worker {
    const worker = new Worker(isSource ? translated(program) : program, {
      eval: isSource,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.memoryMb, maxYoungGenerationSizeMb: youngMb },
    });
    worker.on('message', (reply: Reply) => this.#settle(worker, reply));
    worker.on('error', (error) => {
      if (worker === this.#worker)
        this.#cutOff(outOfMemory(error) ? costly('The operation', 'takes too much memory') : error);
    });
    return worker;
  }

  #settle(worker: Worker, reply: Reply): void {
    const task = this.#running;
    if (!task || worker !== this.#worker) return;
    clearTimeout(this.#timer);
    this.#running = undefined;
    // An idle thread keeps no process alive.
    worker.unref();
    if (reply.kind === 'done') task.resolve(reply.value);
    else task.reject(new Error(reply.message));
    this.#next();
  }

  #cutOff(reason: Error): void {
    const task = this.#running;
    clearTimeout(this.#timer);
    this.#running = undefined;
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.terminate();
    // The new thread is told of the graphs before anything that waits.
    for (const [graph, supergraphSdl] of [...this.#graphs].reverse()) {
      this.#waiting.unshift({ request: { kind: 'load', graph, supergraphSdl }, resolve: () => {}, reject: () => {} });
    }
    task?.reject(reason);
    this.#next();
  }
}
