import type { SubgraphAnswer, SubgraphAnswers } from './transport.ts';

export interface AnswerSource {
  /** Called once, when the first answer is asked for. */
  open(): void;
  /** Called once, when nobody wants more answers. */
  close(): void;
  /** More answers wait than should: hold the other side back until `resume`. */
  pause(): void;
  resume(): void;
}

type Result = IteratorResult<SubgraphAnswer, undefined>;

/**
 * Answers between whoever receives them and whoever iterates over them. It holds few: beyond that the source is
 * paused, so that a slow consumer is felt where answers are made.
 */
export class AnswerQueue implements SubgraphAnswers {
  readonly #source: AnswerSource;
  readonly #most: number;
  readonly #answers: SubgraphAnswer[] = [];
  readonly #waiting: { resolve: (result: Result) => void; reject: (error: Error) => void }[] = [];
  #state: 'new' | 'open' | 'ended' | 'closed' = 'new';
  #failure: Error | undefined;
  #paused = false;

  constructor(source: AnswerSource, most = 4) {
    this.#source = source;
    this.#most = most;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result> {
    if (this.#state === 'new') {
      this.#state = 'open';
      this.#source.open();
    }
    const answer = this.#answers.shift();
    if (answer) {
      this.#letFlow();
      return Promise.resolve({ value: answer, done: false });
    }
    if (this.#state === 'open') {
      return new Promise((resolve, reject) => {
        this.#waiting.push({ resolve, reject });
      });
    }
    const failure = this.#failure;
    this.#failure = undefined;
    return failure ? Promise.reject(failure) : Promise.resolve({ value: undefined, done: true });
  }

  /** Ends at once, also while an answer is waited for. */
  return(): Promise<Result> {
    if (this.#state !== 'closed') {
      const wasOpen = this.#state === 'open';
      this.#state = 'closed';
      this.#answers.length = 0;
      this.#failure = undefined;
      if (wasOpen) this.#source.close();
      this.#settle();
    }
    return Promise.resolve({ value: undefined, done: true });
  }

  push(answer: SubgraphAnswer): void {
    if (this.#state !== 'open') return;
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting.resolve({ value: answer, done: false });
      return;
    }
    this.#answers.push(answer);
    if (this.#answers.length < this.#most || this.#paused) return;
    this.#paused = true;
    this.#source.pause();
  }

  /** No more answers come: in good order, or because of a failure, which is thrown after the answers before it. */
  end(failure?: Error): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#failure = failure;
    this.#settle();
  }

  #letFlow(): void {
    if (!this.#paused || this.#answers.length > 0 || this.#state !== 'open') return;
    this.#paused = false;
    this.#source.resume();
  }

  #settle(): void {
    const waiting = this.#waiting.splice(0);
    const failure = this.#failure;
    if (waiting.length > 0) this.#failure = undefined;
    for (const [index, { resolve, reject }] of waiting.entries()) {
      if (failure && index === 0) reject(failure);
      else resolve({ value: undefined, done: true });
    }
  }
}
