import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Request } from '../../src/planning/messages.ts';
import type { PlanningWorker } from '../../src/planning/planning-thread.ts';
import { startThread } from '../../src/planning/start-thread.ts';

/** Threads that nobody uses, by the memory they may take. */
const idle = new Map<number, Worker[]>();

/**
 * A thread that plans, as `startThread` gives it, but one that has planned for a router before where there is one: its
 * start costs more than most of what is planned in tests.
 */
export const warmThread = (memoryMb: number): PlanningWorker =>
  new LentThread(idle.get(memoryMb)?.pop() ?? startThread(memoryMb), memoryMb);

/** Goes back when its router ends, unless it is busy. */
class LentThread extends EventEmitter {
  readonly #worker: Worker;
  readonly #memoryMb: number;
  readonly #graphs = new Set<number>();
  #unanswered = 0;
  #failed = false;
  #isBack = false;

  constructor(worker: Worker, memoryMb: number) {
    super();
    this.#worker = worker;
    this.#memoryMb = memoryMb;
    worker.on('message', this.#answered);
    worker.on('error', this.#hasFailed);
  }

  postMessage(request: Request): void {
    this.#unanswered += 1;
    if (request.kind === 'load') this.#graphs.add(request.graph);
    this.#worker.postMessage(request);
  }

  ref(): void {
    this.#worker.ref();
  }

  unref(): void {
    this.#worker.unref();
  }

  async terminate(): Promise<number> {
    // A second time it is somebody else's already.
    if (this.#isBack) return 0;
    this.#isBack = true;
    if (this.#unanswered > 0 || this.#failed) return this.#worker.terminate();
    this.#worker.off('message', this.#answered);
    this.#worker.off('error', this.#hasFailed);
    for (const graph of this.#graphs) await this.#forget(graph);
    this.#worker.unref();
    idle.set(this.#memoryMb, [...(idle.get(this.#memoryMb) ?? []), this.#worker]);
    return 0;
  }

  #forget(graph: number): Promise<void> {
    this.#worker.postMessage({ kind: 'release', graph });
    return new Promise((resolve) => this.#worker.once('message', () => resolve()));
  }

  readonly #answered = (reply: unknown): void => {
    this.#unanswered -= 1;
    this.emit('message', reply);
  };

  readonly #hasFailed = (error: Error): void => {
    this.#failed = true;
    this.emit('error', error);
  };
}
