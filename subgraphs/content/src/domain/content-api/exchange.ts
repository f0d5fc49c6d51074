import { recordedHere } from '@mercato/telemetry/tracing';
import { Pool } from 'undici';

/** What came back over the wire, or why nothing did. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly text: string;
      readonly retryAfter: string | undefined;
    }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreachable'; readonly cause: unknown };

/** One HTTP endpoint with a pool of kept-alive connections. It follows no redirects. */
export class HttpEndpoint {
  readonly #host: string;
  readonly #path: string;
  readonly #pool: Pool;
  readonly #maxAnswerBytes: number;

  constructor(endpoint: string, maxAnswerBytes: number) {
    const { host, origin, pathname, search } = new URL(endpoint);
    this.#host = host;
    this.#path = `${pathname}${search}`;
    this.#pool = new Pool(origin, {
      connections: 32,
      pipelining: 1,
      connect: { timeout: 1_000 },
      keepAliveTimeout: 30_000,
    });
    this.#maxAnswerBytes = maxAnswerBytes;
  }

  post(body: string, headers: Readonly<Record<string, string>>, deadline: AbortSignal): Promise<Exchange> {
    const about = { 'http.request.method': 'POST', 'server.address': this.#host };
    return recordedHere('content POST', about, () => this.#post(body, headers, deadline), failureOf);
  }

  async #post(body: string, headers: Readonly<Record<string, string>>, deadline: AbortSignal): Promise<Exchange> {
    try {
      const response = await this.#pool.request({
        method: 'POST',
        path: this.#path,
        headers,
        body,
        signal: deadline,
        // The signal keeps the time for both.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const text = await readText(response.body, this.#maxAnswerBytes);
      if (text === null) return { kind: 'too-large' };
      const retryAfter = response.headers['retry-after'];
      return {
        kind: 'answered',
        status: response.statusCode,
        text,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      };
    } catch (cause) {
      return deadline.aborted ? { kind: 'timeout' } : { kind: 'unreachable', cause };
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

const failureOf = ({ kind }: Exchange): string | undefined => (kind === 'answered' ? undefined : kind);

/** Null when there is more than the limit; the rest is not read. */
async function readText(body: AsyncIterable<Buffer>, limit: number): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
