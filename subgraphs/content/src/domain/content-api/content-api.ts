import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@mercato/telemetry';
import { CircuitBreaker, type CircuitBreakerSettings } from './circuit-breaker.ts';
import { ContentUnavailable } from './content-unavailable.ts';
import { HttpEndpoint } from './exchange.ts';
import { FailureLog } from './failure-log.ts';
import { bodyOf, type Question } from './question.ts';
import { type Failure, type ReadAnswer, readExchange } from './read-exchange.ts';
import { RetryBudget } from './retry-budget.ts';

export interface ContentApiSettings {
  /** URL of the Content API of one project and environment. */
  readonly endpoint: string;
  /** Permanent auth token; without one the project's public permissions apply. */
  readonly token?: string | undefined;
  /** For a question with all its attempts; 1,500 by default. */
  readonly deadlineMs?: number | undefined;
  /** 4 MiB by default. */
  readonly maxAnswerBytes?: number | undefined;
  readonly breaker?: Partial<CircuitBreakerSettings> | undefined;
}

const usualBreaker: CircuitBreakerSettings = { failures: 5, restMs: 2_000, longestRestMs: 60_000 };

/** Asks a Content API in Hygraph's dialect. It only reads, so any request may be repeated. */
export class ContentApi {
  readonly #endpoint: HttpEndpoint;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #deadlineMs: number;
  readonly #retries = new RetryBudget();
  readonly #breakerSettings: CircuitBreakerSettings;
  readonly #serverBreaker: CircuitBreaker;
  /** A question that the project refuses says nothing about the others. */
  readonly #questionBreakers = new Map<string, CircuitBreaker>();
  readonly #log: FailureLog;

  constructor(settings: ContentApiSettings, logger: Logger) {
    this.#endpoint = new HttpEndpoint(settings.endpoint, settings.maxAnswerBytes ?? 4 * 1024 * 1024);
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      // Only the cached endpoint heeds these: what it has is better than nothing, as it is here.
      'hyg-stale-while-revalidate': '60',
      'hyg-stale-if-error': '86400',
      ...(settings.token ? { authorization: `Bearer ${settings.token}` } : {}),
    };
    this.#deadlineMs = settings.deadlineMs ?? 1_500;
    this.#breakerSettings = { ...usualBreaker, ...settings.breaker };
    this.#serverBreaker = new CircuitBreaker(this.#breakerSettings);
    this.#log = new FailureLog(logger);
  }

  /** The answer's `data`. @throws ContentUnavailable */
  async ask(question: Question): Promise<Record<string, unknown>> {
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    const first = await this.#attempt(question, deadline);
    const answer = await this.#again(first, question, deadline);
    if (answer.kind === 'data') return answer.data;
    throw new ContentUnavailable(answer.reason, answer.detail, answer.cause);
  }

  close(): Promise<void> {
    return this.#endpoint.close();
  }

  async #again(first: ReadAnswer, question: Question, deadline: AbortSignal): Promise<ReadAnswer> {
    if (first.kind === 'data' || !first.passing || this.#serverBreaker.isOpen || !this.#retries.spend()) return first;
    try {
      // Those that failed together do not come back together.
      await delay(20 + Math.random() * 80, undefined, { signal: deadline });
    } catch (error) {
      if (deadline.aborted) return first;
      throw error;
    }
    return this.#attempt(question, deadline);
  }

  async #attempt(question: Question, deadline: AbortSignal): Promise<ReadAnswer> {
    const ofQuestion = this.#breakerOf(question);
    if (!ofQuestion.allows || !this.#serverBreaker.allows) {
      throw new ContentUnavailable('resting', 'it failed a moment ago and is not asked now');
    }
    ofQuestion.enter();
    this.#serverBreaker.enter();
    this.#retries.earn();
    const began = performance.now();
    const headers = { ...this.#headers, 'gcms-stage': question.stage, 'gcms-locales': question.locales.join(', ') };
    const answer = readExchange(await this.#endpoint.post(bodyOf(question), headers, deadline));
    const ms = Math.round(performance.now() - began);
    if (answer.kind === 'data') this.#succeeded(question, answer.contentRequestId, ms);
    else this.#failed(question, answer, ms);
    return answer;
  }

  #succeeded(question: Question, contentRequestId: string | undefined, ms: number): void {
    this.#breakerOf(question).succeeded();
    const recovered = this.#serverBreaker.succeeded();
    this.#log.succeeded(question.operation, { contentRequestId, ms, recovered });
  }

  #failed(question: Question, failure: Failure, ms: number): void {
    const ofQuestion = failure.reason === 'refused';
    const breaker = ofQuestion ? this.#breakerOf(question) : this.#serverBreaker;
    // A server that refuses one question is alive, and a dead one says nothing about the question.
    if (ofQuestion) this.#serverBreaker.succeeded();
    else this.#breakerOf(question).abandoned();
    const rests = breaker.failed(failure.reason === 'rate-limited' ? { ms: failure.restMs } : undefined);
    this.#log.failed(question.operation, failure, { ms, rests });
  }

  #breakerOf({ operation }: Question): CircuitBreaker {
    const breaker = this.#questionBreakers.get(operation) ?? new CircuitBreaker(this.#breakerSettings);
    this.#questionBreakers.set(operation, breaker);
    return breaker;
  }
}
