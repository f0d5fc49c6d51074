import { setTimeout as delay } from 'node:timers/promises';
import { recordedHere } from '@mercato/telemetry/tracing';
import { Pool } from 'undici';
import type { z } from 'zod';
import type { Unknown } from '../port.ts';
import { errorAnswer } from './protocol.ts';

export interface SandboxClientOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** For a call with all its tries, in milliseconds. */
  readonly timeoutMs: number;
}

export interface Call<Answer> {
  /** What it is called in traces: its path holds ids. */
  readonly what: 'authorize' | 'look up' | 'cancel' | 'capture' | 'refund';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string;
  readonly answer: z.ZodType<Answer>;
}

export type CallResult<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The processor understood and said no: certain not to have happened. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string }
  | Unknown;

const TRIES = 3;
const FIRST_PAUSE_MS = 50;
const LARGEST_ANSWER = 1_000_000;

/**
 * HTTP to the sandbox processor. Every call of the protocol may be repeated (reads, voids, or with an idempotency key),
 * so a lost connection or a 5xx is tried again while there is time. Only an answer that can be read is believed; all
 * else is `unknown`.
 */
export class SandboxClient {
  readonly #pool: Pool;
  /** Path of the base URL, without a slash at its end. */
  readonly #prefix: string;
  readonly #host: string;
  readonly #options: SandboxClientOptions;

  constructor(options: SandboxClientOptions) {
    this.#options = options;
    const { host, origin, pathname } = new URL(options.baseUrl);
    this.#host = host;
    this.#prefix = pathname.replace(/\/+$/, '');
    this.#pool = new Pool(origin, { connections: 16, maxResponseSize: LARGEST_ANSWER });
  }

  async call<Answer>(call: Call<Answer>): Promise<CallResult<Answer>> {
    const deadline = AbortSignal.timeout(this.#options.timeoutMs);
    let outcome: CallResult<Answer> = { kind: 'unknown', reason: 'never tried' };
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (attempt > 0 && !(await paused(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()), deadline))) break;
      outcome = await this.#attempt(call, deadline);
      if (outcome.kind !== 'unknown' || deadline.aborted) break;
    }
    return outcome;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #attempt<Answer>(call: Call<Answer>, deadline: AbortSignal): Promise<CallResult<Answer>> {
    const about = { 'http.request.method': call.method, 'server.address': this.#host };
    return recordedHere(`payment ${call.what}`, about, () => this.#send(call, deadline), failureOf);
  }

  async #send<Answer>(call: Call<Answer>, deadline: AbortSignal): Promise<CallResult<Answer>> {
    try {
      const response = await this.#pool.request({
        method: call.method,
        path: this.#prefix + call.path,
        headers: {
          authorization: `Bearer ${this.#options.apiKey}`,
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal: deadline,
      });
      return read(call, response.statusCode, await response.body.text());
    } catch (error) {
      // Whether the processor heard us cannot be told from here: no failure of the wire is taken for a "no".
      if (deadline.aborted) return unknown(`no answer within ${this.#options.timeoutMs} ms`);
      return unknown(`connection failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A refusal is an answer too. */
const failureOf = ({ kind }: CallResult<unknown>): string | undefined => (kind === 'unknown' ? kind : undefined);

function read<Answer>(call: Call<Answer>, status: number, text: string): CallResult<Answer> {
  if (status === 401 || status === 403) return unknown(`the processor refused our credentials (${status})`);
  if (status >= 500 || status === 408 || status === 429) return unknown(`the processor failed (${status})`);

  const json = parseJson(text);
  if (status >= 200 && status < 300) {
    const parsed = call.answer.safeParse(json);
    return parsed.success ? { kind: 'answer', answer: parsed.data } : unknown('the answer could not be read');
  }
  const parsed = errorAnswer.safeParse(json);
  return parsed.success
    ? { kind: 'refused', status, ...parsed.data.error }
    : unknown(`the answer (${status}) could not be read`);
}

/** Undefined, which fits no answer, when the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether the pause ended before the deadline did. */
async function paused(ms: number, deadline: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal: deadline });
    return true;
  } catch (error) {
    if (deadline.aborted) return false;
    throw error;
  }
}

const unknown = (reason: string): Unknown => ({ kind: 'unknown', reason });
