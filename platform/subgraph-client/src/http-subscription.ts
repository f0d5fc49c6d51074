import { Agent, type Dispatcher } from 'undici';
import { AnswerQueue, type AnswerSource } from './answer-queue.ts';
import type { BalancedInstance } from './balancing/balanced-instance.ts';
import { EventStreamReader } from './event-stream.ts';
import { readAnswer } from './read-answer.ts';
import {
  type SubgraphAnswers,
  type SubgraphCallOptions,
  type SubgraphRequest,
  SubgraphUnavailableError,
} from './transport.ts';

/** Bytes of one event that are read at most. */
const maxEventBytes = 8 * 1024 * 1024;

/** A subgraph says something every 10 s, if only that it is there; after this silence it is taken for gone. */
const longestSilenceMs = 30_000;

/** Who is asked, and under which name. */
type SubscribedInstance = Pick<BalancedInstance, 'address' | 'host'>;

/** Connections for subscriptions alone: each holds one for as long as it lasts, and must not keep calls waiting. */
export const subscriptionAgent = (): Agent =>
  new Agent({ pipelining: 1, connect: { timeout: 2_000 }, keepAliveTimeout: 5_000, bodyTimeout: 0, headersTimeout: 0 });

/**
 * Follows a subscription over HTTP, as server-sent events in the "distinct connections" mode: one POST a subscription.
 * @see https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export function subscribeOverHttp(
  agent: Dispatcher,
  instance: SubscribedInstance | undefined,
  subgraph: string,
  request: SubgraphRequest,
  options: SubgraphCallOptions,
): SubgraphAnswers {
  return new HttpSubscription(agent, instance, subgraph, request, options).answers;
}

class HttpSubscription implements Dispatcher.DispatchHandler, AnswerSource {
  readonly answers = new AnswerQueue(this);
  readonly #agent: Dispatcher;
  readonly #instance: SubscribedInstance | undefined;
  readonly #subgraph: string;
  readonly #request: SubgraphRequest;
  readonly #options: SubgraphCallOptions;
  readonly #events = new EventStreamReader();
  readonly #onAbort = () => void this.answers.return();
  /** The answer of one who does not stream: it refuses. */
  #whole: Buffer[] | undefined;
  #wholeBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #done = false;

  constructor(
    agent: Dispatcher,
    instance: SubscribedInstance | undefined,
    subgraph: string,
    request: SubgraphRequest,
    options: SubgraphCallOptions,
  ) {
    this.#agent = agent;
    this.#instance = instance;
    this.#subgraph = subgraph;
    this.#request = request;
    this.#options = options;
  }

  open(): void {
    const { signal, headers, authorization, timeoutMs } = this.#options;
    if (signal?.aborted) {
      this.#onAbort();
      return;
    }
    if (!this.#instance) {
      this.#end(new SubgraphUnavailableError(this.#subgraph, 'unreachable', false));
      return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#timer = setTimeout(() => this.#giveUp('timeout'), timeoutMs);
    const { address, host } = this.#instance;
    this.#agent.dispatch(
      {
        origin: address.origin,
        path: address.pathname,
        method: 'POST',
        headers: {
          ...headers,
          authorization,
          'content-type': 'application/json',
          accept: 'text/event-stream',
          'x-mercato-timeout-ms': String(timeoutMs),
          ...(host === undefined ? {} : { host }),
        },
        body: JSON.stringify(this.#request),
      },
      this,
    );
  }

  close(): void {
    this.#finish();
    this.#controller?.abort(new Error('Nobody follows any more.'));
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.#controller?.pause();
  }

  resume(): void {
    this.#expectMore();
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection: it is not sent any more.
    if (this.#done) controller.abort(new Error('Nobody follows any more.'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (statusCode < 200) return;
    const type = String(headers['content-type'] ?? '');
    if (!type.startsWith('text/event-stream')) this.#whole = [];
    this.#expectMore();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done) return;
    if (this.#whole) {
      this.#wholeBytes += chunk.length;
      this.#whole.push(chunk);
      if (this.#wholeBytes > maxEventBytes) this.#giveUp('bad-response');
      return;
    }
    this.#expectMore();
    for (const { type, data } of this.#events.read(chunk)) {
      if (type === 'complete') this.#end();
      else if (type === 'next') this.#push(data);
      if (this.#done) return;
    }
    if (this.#events.pending > maxEventBytes) this.#giveUp('bad-response');
  }

  onResponseEnd(): void {
    if (this.#done) return;
    if (this.#whole) {
      this.#push(Buffer.concat(this.#whole).toString('utf8'));
      this.#end();
    } else {
      this.#end(new SubgraphUnavailableError(this.#subgraph, 'unreachable', true));
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#done) this.#end(new SubgraphUnavailableError(this.#subgraph, 'unreachable', true, error));
  }

  #push(text: string): void {
    const answer = readAnswer(text);
    if (answer) this.answers.push(answer);
    else this.#giveUp('bad-response');
  }

  /** Reads on only while somebody reads here: a consumer that lets answers wait hears no sign of life, nor needs one. */
  #expectMore(): void {
    clearTimeout(this.#timer);
    if (!this.#done) this.#timer = setTimeout(() => this.#giveUp('timeout'), longestSilenceMs);
  }

  #giveUp(reason: SubgraphUnavailableError['reason']): void {
    const failure = new SubgraphUnavailableError(this.#subgraph, reason, true);
    this.#end(failure);
    this.#controller?.abort(failure);
  }

  #end(failure?: SubgraphUnavailableError): void {
    this.#finish();
    this.answers.end(failure);
  }

  #finish(): void {
    this.#done = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }
}
