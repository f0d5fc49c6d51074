import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';

/** One event, as clients are told of it. */
export class SubscriptionEvent {
  readonly data: FormattedExecutionResult['data'];
  readonly answer: FormattedExecutionResult;

  constructor(answer: FormattedExecutionResult) {
    this.data = answer.data ?? null;
    this.answer = answer;
  }
}

/** The subscription is over, and not because there is nothing more to tell. */
export class SubscriptionFailed extends Error {
  override readonly name = 'SubscriptionFailed';
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors.map(({ message }) => message).join(' '));
    this.errors = errors;
  }
}

type Result = IteratorResult<SubscriptionEvent, undefined>;
const done: Result = { value: undefined, done: true };

/** Events that wait for one client, of different entities; more are a client that does not keep up. */
export const mostWaiting = 256;

/**
 * One client's subscription. Whoever sends asks for the next event once the one before is on its way; meanwhile the newest
 * of each entity waits, and no other.
 */
export class Subscriber implements AsyncIterableIterator<SubscriptionEvent, undefined> {
  readonly #events = new Map<string, SubscriptionEvent>();
  readonly #hungry: () => void;
  readonly #left: (subscriber: Subscriber) => void;
  #ending: (() => void) | undefined;
  #asking: { resolve: (result: Result) => void; reject: (error: Error) => void } | undefined;
  #sent = 0;
  #ended = false;
  #failure: SubscriptionFailed | undefined;

  /**
   * @param hungry an event would be sent at once
   * @param left nothing more is to come; called once
   */
  constructor(hungry: () => void, left: (subscriber: Subscriber) => void) {
    this.#hungry = hungry;
    this.#left = left;
  }

  /** Whether an event would be sent at once. */
  get isHungry(): boolean {
    return this.#asking !== undefined;
  }

  /** How many events it has been given. */
  get sent(): number {
    return this.#sent;
  }

  /** What ended it, if anything has. */
  get failure(): SubscriptionFailed | undefined {
    return this.#failure;
  }

  /** @param ending called once, when nothing more is to come; at once where that is so already */
  onEnd(ending: () => void): void {
    if (this.#ended) ending();
    else this.#ending = ending;
  }

  /** @returns false when too many wait */
  push(name: string, event: SubscriptionEvent): boolean {
    if (this.#ended) return true;
    const asking = this.#asking;
    if (asking) {
      this.#asking = undefined;
      this.#sent += 1;
      asking.resolve({ value: event, done: false });
      return true;
    }
    this.#events.set(name, event);
    return this.#events.size <= mostWaiting;
  }

  /** After what waits. */
  end(failure?: SubscriptionFailed): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#left(this);
    this.#ending?.();
    if (this.#asking) this.#settle();
  }

  /** At once: what waits is not for this client any more. */
  cut(failure: SubscriptionFailed): void {
    this.#events.clear();
    this.end(failure);
  }

  next(): Promise<Result> {
    for (const [name, event] of this.#events) {
      this.#events.delete(name);
      this.#sent += 1;
      return Promise.resolve({ value: event, done: false });
    }
    return new Promise((resolve, reject) => {
      this.#asking = { resolve, reject };
      if (this.#ended) this.#settle();
      else this.#hungry();
    });
  }

  return(): Promise<Result> {
    this.#events.clear();
    this.end();
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #settle(): void {
    const asking = this.#asking;
    const failure = this.#failure;
    this.#asking = undefined;
    this.#failure = undefined;
    if (failure) asking?.reject(failure);
    else asking?.resolve(done);
  }
}
