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
  /** The one before, where it is still on its way. */
  #slow: HttpAttempt | undefined;
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
    this.#timer = setTimeout(timeIsUp, this.#mayBeDoubled() ? timeoutMs / 2 : timeoutMs, this);
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
    const balancer = this.#balancer;
    const now = performance.now();
    // An answer in GraphQL's form is an answer; the status tells whether who gave it is well.
    if (attempt.statusCode >= 500) {
      balancer.instanceFailed(attempt.instance, false, now);
      balancer.breaker.failed(this.#admission, balancer.isHopeless(), now);
    } else {
      attempt.instance.succeeded();
      balancer.breaker.succeeded(this.#admission, now);
    }
    if (this.#slow) {
      // Asked first and answered last, if at all.
      if (this.#slow !== attempt) balancer.instanceFailed(this.#slow.instance, false, now);
      this.#abandon('Another instance answered.');
    }
    this.#settle();
    this.#resolve(answer);
  }

  failed(attempt: HttpAttempt, error: Error): void {
    if (error instanceof AnswerTooLarge) {
      this.#mayHaveArrived = true;
      this.#balancer.breaker.undecided(this.#admission);
      this.#abandon('Its answer would be too large.');
      this.#fail('unreachable', error);
    } else this.#failed(attempt, 'unreachable', error);
  }

  /** The timer's: half of the time is up, or all of it. */
  timeIsUp(): void {
    const now = performance.now();
    const left = Math.floor(this.#deadline - now);
    if (left <= 1) {
      this.#giveUp('timeout');
      return;
    }
    this.#timer = setTimeout(timeIsUp, left, this);
    // A timer that is early, as one is that was set to more than it can hold, is no reason to do something twice.
    if (this.#slow || !this.#attempt || !this.#mayBeDoubled()) return;
    const tried = [...(this.#tried ?? []), this.#attempt.instance];
    const { retries } = this.#balancer.settings;
    const next = tried.length < retries.attempts ? this.#balancer.pickWell(tried) : undefined;
    if (!next || !this.#balancer.mayRetry(now)) return;
    this.#tried = tried;
    this.#slow = this.#attempt;
    this.#send(next, left);
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

  /** Whether a read that is slow to be answered may be asked of a second instance as well. */
  #mayBeDoubled(): boolean {
    const { read, timeoutMs } = this.#options;
    return read === true && this.#balancer.hasOthers && timeoutMs >= 2 * this.#balancer.settings.fairMs;
  }

  #send(instance: BalancedInstance, timeoutMs: number): void {
    const attempt = new HttpAttempt(instance, this);
    this.#attempt = attempt;
    attempt.send(this.#body, this.#options, timeoutMs);
  }

  #failed(attempt: HttpAttempt, reason: Reason, cause: Error): void {
    const now = performance.now();
    const { instance, hasStarted } = attempt;
    const neverArrived = !hasStarted;
    this.#mayHaveArrived ||= hasStarted;
    this.#balancer.instanceFailed(instance, neverArrived, now);
    if (this.#slow) {
      // The other one of the two is still on its way.
      if (attempt === this.#attempt) this.#attempt = this.#slow;
      this.#slow = undefined;
      return;
    }
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
    const balancer = this.#balancer;
    const now = performance.now();
    const isFair = reason === 'timeout' && this.#options.timeoutMs >= balancer.settings.fairMs;
    if (isFair && this.#attempt) balancer.instanceFailed(this.#attempt.instance, false, now);
    if (isFair && this.#slow) balancer.instanceFailed(this.#slow.instance, false, now);
    if (isFair) balancer.breaker.failed(this.#admission, balancer.isHopeless(), now);
    else balancer.breaker.undecided(this.#admission);
    this.#abandon(reason === 'timeout' ? 'The time is up.' : 'Nobody waits any more.');
    this.#fail(reason);
  }

  /** Ends what is still on its way. */
  #abandon(why: string): void {
    for (const attempt of [this.#attempt, this.#slow]) {
      if (!attempt || attempt.hasEnded) continue;
      this.#mayHaveArrived ||= attempt.hasStarted;
      attempt.abandon(new Error(why));
    }
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

const timeIsUp = (call: HttpCall): void => call.timeIsUp();
