import type { Dispatcher, Pool } from 'undici';
import type { CallSignal } from './interest.ts';

export interface Exchange {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** Milliseconds until the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal: CallSignal | undefined;
  /** Bytes of an answer that are read at most. */
  readonly maxAnswerBytes: number;
}

/** Why an exchange was given up from this side. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
  readonly reason: 'timeout' | 'aborted';

  constructor(reason: 'timeout' | 'aborted') {
    super(reason === 'timeout' ? 'The time is up.' : 'Nobody waits any more.');
    this.reason = reason;
  }
}

/**
 * Posts and reads the whole answer, whatever its status. It speaks to undici's dispatcher itself: the streams, signals
 * and timers of `request` cost more than all the rest of a call.
 * @throws GivenUp, or what undici throws.
 */
export function post(pool: Pool, exchange: Exchange): Promise<string> {
  return new Promise((resolve, reject) => {
    const answer = new Answer(exchange, resolve, reject);
    pool.dispatch(
      {
        path: exchange.path,
        method: 'POST',
        headers: exchange.headers,
        body: exchange.body,
        // The timer below keeps the time: undici's own are coarse, and can fire hundreds of milliseconds early.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      answer,
    );
  });
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #exchange: Exchange;
  readonly #resolve: (text: string) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => this.#giveUp(new GivenUp('aborted'));
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #failure: Error | undefined;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(exchange: Exchange, resolve: (text: string) => void, reject: (error: Error) => void) {
    this.#exchange = exchange;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => this.#giveUp(new GivenUp('timeout')), exchange.timeoutMs);
    if (exchange.signal?.aborted) this.#onAbort();
    else exchange.signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection: it is not sent any more.
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    const { maxAnswerBytes } = this.#exchange;
    if (this.#size > maxAnswerBytes) this.#giveUp(new Error(`The answer is larger than ${maxAnswerBytes} bytes.`));
  }

  onResponseEnd(): void {
    this.#settle();
    const [only] = this.#chunks;
    const whole = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    this.#resolve(whole.toString('utf8'));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle();
    this.#reject(this.#failure ?? error);
  }

  #giveUp(failure: Error): void {
    this.#failure = failure;
    this.#settle();
    this.#reject(failure);
    this.#controller?.abort(failure);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#exchange.signal?.removeEventListener('abort', this.#onAbort);
  }
}
