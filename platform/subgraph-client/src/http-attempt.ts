import type { Dispatcher } from 'undici';
import type { BalancedInstance } from './balancing/balanced-instance.ts';
import type { SubgraphCallOptions } from './transport.ts';

/** Who made an attempt, and hears its end: exactly one of the two, once. */
export interface AttemptOwner {
  /** Bytes of an answer that are read at most. */
  readonly maxAnswerBytes: number;
  answered(attempt: HttpAttempt, text: string): void;
  failed(attempt: HttpAttempt, error: Error): void;
}

/** An answer that is larger than its reader wants: the fault of the question, not of who answered. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge';
}

/**
 * One POST to one instance, whose answer is read whole, whatever its status. It speaks to undici's dispatcher itself:
 * the streams, signals and timers of `request` cost more than all the rest of a call.
 */
export class HttpAttempt implements Dispatcher.DispatchHandler {
  readonly instance: BalancedInstance;
  /** Whether a connection has taken the request: before, it surely never arrived. */
  hasStarted = false;
  statusCode = 0;
  hasEnded = false;
  readonly #owner: AttemptOwner;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #abandoned: Error | undefined;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(instance: BalancedInstance, owner: AttemptOwner) {
    this.instance = instance;
    this.#owner = owner;
  }

  /** @param timeoutMs what is left of the call's time */
  send(body: string, { headers, authorization }: SubgraphCallOptions, timeoutMs: number): void {
    const { instance } = this;
    const all: Record<string, string> = {
      ...headers,
      authorization,
      'content-type': 'application/json',
      accept: 'application/json',
      'x-mercato-timeout-ms': String(timeoutMs),
    };
    if (instance.host !== undefined) all.host = instance.host;
    instance.inFlight += 1;
    instance.attempts += 1;
    instance.pool.dispatch(
      {
        path: instance.address.pathname,
        method: 'POST',
        headers: all,
        body,
        // The call keeps the time: undici's own timers are coarse, and can fire hundreds of milliseconds early.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      this,
    );
  }

  /** Ends it from this side; its owner hears no more of it. */
  abandon(reason: Error): void {
    if (this.hasEnded) return;
    this.#abandoned = reason;
    this.#end();
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Abandoned while it waited for a connection: it is not sent any more.
    if (this.#abandoned) controller.abort(this.#abandoned);
    else this.hasStarted = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.statusCode = statusCode;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.hasEnded) return;
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    const { maxAnswerBytes } = this.#owner;
    if (this.#size <= maxAnswerBytes) return;
    const error = new AnswerTooLarge(`The answer is larger than ${maxAnswerBytes} bytes.`);
    this.#end();
    this.#owner.failed(this, error);
    controller.abort(error);
  }

  onResponseEnd(): void {
    if (this.hasEnded) return;
    this.#end();
    const [only] = this.#chunks;
    const whole = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
    this.#owner.answered(this, whole.toString('utf8'));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.hasEnded) return;
    this.#end();
    this.#owner.failed(this, error);
  }

  #end(): void {
    this.hasEnded = true;
    this.instance.inFlight -= 1;
  }
}
