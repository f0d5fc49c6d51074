import type { BalancedInstance } from './balancing/balanced-instance.ts';
import type { Balancer } from './balancing/balancer.ts';
import type { Admission } from './balancing/circuit-breaker.ts';
import { AnswerTooLarge, type AttemptOwner, HttpAttempt } from './http-attempt.ts';
import { readAnswer } from './read-answer.ts';
import {
  type SubgraphAnswer,
  type SubgraphCallOptions,
  type SubgraphRequest,
  SubgraphUnavailableError,
} from './transport.ts';

type Reason = SubgraphUnavailableError['reason'];

/**
 * One call to a subgraph: as many attempts as it takes and as may be made, within its time. There is one promise, one
 * timer and one object a call, and one more object an attempt: this is the router's busiest path.
 */
export class HttpCall implements AttemptOwner {
  readonly maxAnswerBytes: number;
  readonly #balancer: Balancer;
  readonly #options: SubgraphCallOptions;
  readonly #body: string;
  readonly #resolve: (answer: SubgraphAnswer) => void;
  readonly #reject: (error: SubgraphUnavailableError) => void;
  readonly #deadline: number;
  #admission: Admission = 'ordinary';
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | undefined;
  #attempt: HttpAttempt | undefined;
  #tried: BalancedInstance[] | undefined;
  #mayHaveArrived = false;

  constructor(
    balancer: Balancer,
    request: SubgraphRequest,
    options: SubgraphCallOptions,
    maxAnswerBytes: number,
    resolve: (answer: SubgraphAnswer) => void,
    reject: (error: SubgraphUnavailableError) => void,
  ) {
    this.maxAnswerBytes = maxAnswerBytes;
    this.#balancer = balancer;
    this.#options = options;
    this.#body = request.json ?? JSON.stringify(request);
    this.#resolve = resolve;
    this.#reject = reject;
    this.#deadline = performance.now() + options.timeoutMs;
  }

  start(): void {
    const { signal, timeoutMs } = this.#options;
    const instance = this.#choose();
    if (!instance) return;
    this.#timer = setTimeout(timeIsUp, timeoutMs, this);
    if (signal) {
      this.#onAbort = () => this.#giveUp('aborted');
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    this.#send(instance, timeoutMs);
  }

  answered(attempt: HttpAttempt, text: string): void {
    const answer = readAnswer(text);
    if (!answer) {
      this.#failed(attempt, 'bad-response', new Error(`It answered with status ${attempt.statusCode}.`));
      return;
    }
    const now = performance.now();
    // An answer in GraphQL's form is an answer; the status tells whether who gave it is well.
    if (attempt.statusCode >= 500) {
      this.#balancer.instanceFailed(attempt.instance, false, now);
      this.#balancer.breaker.failed(this.#admission, this.#balancer.isHopeless(), now);
    } else {
      attempt.instance.succeeded();
      this.#balancer.breaker.succeeded(this.#admission, now);
    }
    this.#settle();
    this.#resolve(answer);
  }

  failed(attempt: HttpAttempt, error: Error): void {
    if (error instanceof AnswerTooLarge) {
      this.#mayHaveArrived = true;
      this.#balancer.breaker.undecided(this.#admission);
      this.#fail('unreachable', error);
    } else this.#failed(attempt, 'unreachable', error);
  }

  giveUpInTime(): void {
    this.#giveUp('timeout');
  }

  /** @returns nothing when the call has ended already */
  #choose(): BalancedInstance | undefined {
    const { signal, timeoutMs } = this.#options;
    const balancer = this.#balancer;
    if (signal?.aborted) {
      this.#fail('aborted');
      return undefined;
    }
    balancer.called();
    this.#admission = balancer.breaker.admit(this.#deadline - timeoutMs);
    if (this.#admission === 'refused') {
      balancer.refused += 1;
      this.#fail('circuit-open');
      return undefined;
    }
    const instance = balancer.pick();
    if (!instance) {
      balancer.breaker.undecided(this.#admission);
      this.#fail('unreachable');
    }
    return instance;
  }

  #send(instance: BalancedInstance, timeoutMs: number): void {
    const { headers, authorization } = this.#options;
    const all: Record<string, string> = {
      ...headers,
      authorization,
      'content-type': 'application/json',
      accept: 'application/json',
      'x-mercato-timeout-ms': String(timeoutMs),
    };
    if (instance.host !== undefined) all.host = instance.host;
    const attempt = new HttpAttempt(instance, this);
    this.#attempt = attempt;
    attempt.send(all, this.#body);
  }

  #failed(attempt: HttpAttempt, reason: Reason, cause: Error): void {
    const now = performance.now();
    const { instance, hasStarted } = attempt;
    const neverArrived = !hasStarted;
    this.#mayHaveArrived ||= hasStarted;
    this.#balancer.instanceFailed(instance, neverArrived, now);
    if ((neverArrived || this.#options.read) && this.#sendAgain(instance, neverArrived, now)) return;
    this.#balancer.breaker.failed(this.#admission, this.#balancer.isHopeless(), now);
    this.#fail(reason, cause);
  }

  /** @returns false when there is no time, nobody to ask, or no retry left */
  #sendAgain(failed: BalancedInstance, neverArrived: boolean, now: number): boolean {
    const balancer = this.#balancer;
    const left = Math.floor(this.#deadline - now);
    this.#tried ??= [];
    const isFirstFailure = !this.#tried.includes(failed);
    this.#tried.push(failed);
    if (left < 1 || this.#tried.length >= balancer.settings.retries.attempts) return false;
    // A connection that broke may have been an old one: where there is no other instance, a new one is tried once.
    const next = balancer.pickOther(this.#tried) ?? (neverArrived || !isFirstFailure ? undefined : failed);
    if (!next || !balancer.mayRetry(now)) return false;
    this.#send(next, left);
    return true;
  }

  /** From this side, while an attempt is on its way. */
  #giveUp(reason: 'timeout' | 'aborted'): void {
    const attempt = this.#attempt;
    const balancer = this.#balancer;
    const now = performance.now();
    if (attempt) {
      this.#mayHaveArrived ||= attempt.hasStarted;
      attempt.abandon(new Error(reason === 'timeout' ? 'The time is up.' : 'Nobody waits any more.'));
    }
    if (attempt && reason === 'timeout' && this.#options.timeoutMs >= balancer.settings.fairMs) {
      balancer.instanceFailed(attempt.instance, false, now);
      balancer.breaker.failed(this.#admission, balancer.isHopeless(), now);
    } else balancer.breaker.undecided(this.#admission);
    this.#fail(reason);
  }

  #fail(reason: Reason, cause?: Error): void {
    this.#settle();
    if (reason !== 'aborted') this.#balancer.failures += 1;
    this.#reject(new SubgraphUnavailableError(this.#balancer.subgraph, reason, this.#mayHaveArrived, cause));
  }

  #settle(): void {
    clearTimeout(this.#timer);
    if (this.#onAbort) this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }
}

const timeIsUp = (call: HttpCall): void => call.giveUpInTime();
