import type { InProcessSubgraph } from './in-process-transport.ts';
import {
  type SubgraphAnswer,
  type SubgraphAnswers,
  type SubgraphCallOptions,
  type SubgraphRequest,
  SubgraphUnavailableError,
} from './transport.ts';

type Result = IteratorResult<SubgraphAnswer, undefined>;

const done: Result = { value: undefined, done: true };

/** Follows a subscription of a subgraph in this process, as over HTTP. */
export class InProcessSubscription implements SubgraphAnswers {
  readonly #name: string;
  readonly #target: InProcessSubgraph | undefined;
  readonly #request: SubgraphRequest;
  readonly #options: SubgraphCallOptions;
  readonly #abort = new AbortController();
  readonly #onAbort = () => void this.return();
  #answers: Promise<SubgraphAnswers> | undefined;

  constructor(
    name: string,
    target: InProcessSubgraph | undefined,
    request: SubgraphRequest,
    options: SubgraphCallOptions,
  ) {
    this.#name = name;
    this.#target = target;
    this.#request = request;
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<Result> {
    if (this.#abort.signal.aborted || this.#options.signal?.aborted) return this.return();
    try {
      this.#answers ??= this.#begin();
      const answers = await this.#answers;
      if (this.#abort.signal.aborted) return done;
      const result = await answers.next();
      if (result.done) await this.return();
      return result;
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<Result> {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    // The subgraph ends its stream when it is told that nobody waits any more.
    this.#abort.abort();
    return done;
  }

  #begin(): Promise<SubgraphAnswers> {
    const { signal, headers, authorization, timeoutMs } = this.#options;
    const target = this.#target;
    if (!target) throw new SubgraphUnavailableError(this.#name, 'unreachable', false);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new SubgraphUnavailableError(this.#name, 'timeout', true));
        this.#abort.abort();
      }, timeoutMs);
      this.#abort.signal.addEventListener('abort', () => resolve(answersOf([])), { once: true });
      target
        .subscribe(this.#request, { ...headers, authorization }, this.#abort.signal)
        .then((begun) => resolve(Symbol.asyncIterator in begun ? begun : answersOf([begun])), reject)
        .finally(() => clearTimeout(timer));
    });
  }
}

function answersOf(answers: SubgraphAnswer[]): SubgraphAnswers {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const value = answers.shift();
      return value ? { value, done: false } : done;
    },
    async return() {
      answers.length = 0;
      return done;
    },
  };
}
