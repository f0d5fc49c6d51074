import { createHash } from 'node:crypto';
import { ContentApiError } from '../errors.ts';
import type { Answer } from './answer.ts';

interface Kept {
  answer: Answer;
  at: number;
}

/** What a request allows the cache to give it: seconds past an answer's freshness. */
export interface Staleness {
  whileRevalidate: number;
  ifError: number;
}

const greatestNumber = 1000;
const originDeadlineMs = 10_000;

/**
 * The high-performance endpoint in front of the Content API. An answer is fresh for `freshMs`; a stale one may be
 * given while a new one is fetched (`hyg-stale-while-revalidate`) and when the origin fails (`hyg-stale-if-error`).
 * The headers were seen in clients; what they do exactly is inferred from the HTTP directives of the same names.
 */
export class EdgeCache {
  readonly #freshMs: number;
  readonly #kept = new Map<string, Kept>();

  constructor(freshMs: number) {
    this.#freshMs = freshMs;
  }

  async answer(key: readonly string[], staleness: Staleness, origin: () => Promise<Answer>): Promise<Answer> {
    const name = createHash('sha256').update(JSON.stringify(key)).digest('base64');
    const kept = this.#kept.get(name);
    const staleMs = kept ? performance.now() - kept.at - this.#freshMs : Number.POSITIVE_INFINITY;
    if (kept && staleMs <= 0) return kept.answer;
    if (kept && staleMs <= staleness.whileRevalidate * 1000) {
      // The next request meets the same failing origin and is told; this one has its answer.
      void this.#fetch(name, origin).catch(() => undefined);
      return kept.answer;
    }
    const mayStayStale = kept !== undefined && staleMs <= staleness.ifError * 1000;
    try {
      const answer = await this.#fetch(name, origin);
      return answer.status >= 500 && mayStayStale ? kept.answer : answer;
    } catch (error) {
      if (mayStayStale) return kept.answer;
      throw error;
    }
  }

  async #fetch(name: string, origin: () => Promise<Answer>): Promise<Answer> {
    const answer = await inTime(origin());
    if (answer.status !== 200) return answer;
    if (this.#kept.size >= greatestNumber) this.#kept.clear();
    this.#kept.set(name, { answer, at: performance.now() });
    return answer;
  }
}

/** An origin that hangs is given up: the edge answers 504, or what it has. */
async function inTime(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new ContentApiError(504, 'the origin did not answer in time', { code: '504' })),
      originDeadlineMs,
    );
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

export const stalenessFrom = (headers: Readonly<Record<string, string | string[] | undefined>>): Staleness => ({
  whileRevalidate: seconds(headers['hyg-stale-while-revalidate']),
  ifError: seconds(headers['hyg-stale-if-error']),
});

const seconds = (value: string | string[] | undefined): number => {
  const given = Number(value ?? 0);
  return Number.isFinite(given) && given > 0 ? given : 0;
};
