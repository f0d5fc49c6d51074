import type { QueryPlan } from '@apollo/query-planner';
import { heapMb } from '../memory.ts';
import type { Composed, PublishedSubgraph } from './compose-published.ts';
import type { Reply, Request } from './messages.ts';
import { startThread } from './start-thread.ts';

/** The operation could not be planned within the time or memory that one may take. */
export class PlanningTooCostlyError extends Error {
  override readonly name = 'PlanningTooCostlyError';
}

/** So many operations wait to be planned that another would not be answered in time. */
export class PlanningBusyError extends Error {
  override readonly name = 'PlanningBusyError';
}

export interface PlanningSettings {
  /** Milliseconds that planning one operation may take; then its thread is ended, and another started. */
  readonly timeoutMs: number;
  /** Mebibytes of memory for the thread. */
  readonly memoryMb: number;
  /** Operations that may wait. */
  readonly waiting: number;
  readonly start: (memoryMb: number) => PlanningWorker;
}

/** What is needed of a thread that plans. */
export interface PlanningWorker {
  on(event: 'message', listener: (reply: Reply) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  postMessage(request: Request): void;
  ref(): void;
  unref(): void;
  terminate(): Promise<number>;
}

export const defaultPlanning: PlanningSettings = {
  timeoutMs: 3_000,
  memoryMb: Math.max(128, Math.min(512, Math.floor(heapMb() / 4))),
  waiting: 200,
  start: startThread,
};

/** Milliseconds until another try where a new thread does not come as far as to know the graphs. */
const pauseMs = 5_000;

/** Loading a supergraph is our own doing, and happens while the old one still serves. */
const loadTimeoutMs = 60_000;

/** Is told the milliseconds that something took, however it ended. */
export type Took = (milliseconds: number) => void;

interface Task {
  readonly request: Request;
  readonly took?: Took | undefined;
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
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
  readonly #settings: PlanningSettings;
  readonly #graphs = new Map<number, string>();
  readonly #waiting: Task[] = [];
  /** Graphs that a new thread does not know yet. */
  #unlearnt: number[] = [];
  #running: Task | undefined;
  #startedAt = 0;
  #pause: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #worker: PlanningWorker | undefined;
  #nextGraph = 1;
  #closed = false;

  constructor(settings: Partial<PlanningSettings> = {}) {
    this.#settings = { ...defaultPlanning, ...settings };
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
  async plan(graph: number, text: string, operationName: string | undefined, took?: Took): Promise<QueryPlan> {
    this.#mayWait();
    return JSON.parse(await this.#ask({ kind: 'plan', graph, text, operationName }, took)) as QueryPlan;
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
    clearTimeout(this.#pause);
    const closing = new Error('The router is closing.');
    for (const task of [this.#running, ...this.#waiting.splice(0)]) task?.reject(closing);
    this.#running = undefined;
    await this.#worker?.terminate();
  }

  #mayWait(): void {
    if (this.#pause) throw new PlanningBusyError('Nothing can be planned right now.');
    if (this.#waiting.length < this.#settings.waiting) return;
    throw new PlanningBusyError('Too many operations wait to be planned.');
  }

  #ask(request: Request, took?: Took): Promise<string> {
    if (this.#closed) return Promise.reject(new Error('The router is closing.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, took, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#running || this.#pause || this.#closed) return;
    const task = this.#learning() ?? this.#waiting.shift();
    if (!task) return;
    this.#running = task;
    this.#startedAt = performance.now();
    this.#worker ??= this.#start();
    this.#worker.ref();
    const isOperation = task.request.kind === 'plan' || task.request.kind === 'describe';
    const timeoutMs = isOperation ? this.#settings.timeoutMs : loadTimeoutMs;
    const what = isOperation ? 'The operation' : 'The schema';
    this.#timer = setTimeout(() => this.#cutOff(costly(what, 'takes too long')), timeoutMs);
    this.#worker.postMessage(task.request);
  }

  /** What a new thread is told before anything that waits. */
  #learning(): Task | undefined {
    for (;;) {
      const graph = this.#unlearnt.shift();
      if (graph === undefined) return undefined;
      const supergraphSdl = this.#graphs.get(graph);
      if (supergraphSdl === undefined) continue;
      return { request: { kind: 'load', graph, supergraphSdl }, resolve: () => {}, reject: () => this.#rest() };
    }
  }

  /** A thread that ends before it knows the graphs would end again: what waits is told so, and the next one comes later. */
  #rest(): void {
    const busy = new PlanningBusyError('Nothing can be planned right now.');
    for (const task of this.#waiting.splice(0)) task.reject(busy);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#next();
    }, pauseMs);
    this.#pause.unref();
  }

  #start(): PlanningWorker {
    const worker = this.#settings.start(this.#settings.memoryMb);
    worker.on('message', (reply: Reply) => this.#settle(worker, reply));
    worker.on('error', (error) => {
      if (worker === this.#worker)
        this.#cutOff(outOfMemory(error) ? costly('The operation', 'takes too much memory') : error);
    });
    return worker;
  }

  #settle(worker: PlanningWorker, reply: Reply): void {
    const task = this.#running;
    if (!task || worker !== this.#worker) return;
    clearTimeout(this.#timer);
    this.#running = undefined;
    task.took?.(performance.now() - this.#startedAt);
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
    task?.took?.(performance.now() - this.#startedAt);
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.terminate();
    this.#unlearnt = [...this.#graphs.keys()];
    task?.reject(reason);
    this.#next();
  }
}
