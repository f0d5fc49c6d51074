import { ContentApiError } from '../errors.ts';

/** Requests that pass within a second, as a bucket that refills steadily. The wording of the refusal is unseen. */
export class RateLimit {
  readonly #perSecond: number;
  #tokens: number;
  #at = performance.now();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
  }

  /** @throws ContentApiError 429. */
  demand(): void {
    const now = performance.now();
    this.#tokens = Math.min(this.#perSecond, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#tokens < 1) throw tooManyRequests();
    this.#tokens -= 1;
  }
}

export const tooManyRequests = (): ContentApiError => new ContentApiError(429, 'too many requests', { code: '429' });
export const requestTooLarge = (bytes: number): ContentApiError =>
  new ContentApiError(413, `request body exceeds ${bytes} bytes`, { code: '413' });
