import type { BalancingSettings } from './settings.ts';

/** How long unused retries of a quiet time may be saved up. */
const savedSeconds = 10;

/**
 * Retries that may still be made: each call adds a share of one, each second a few. When everything fails, repeats stay
 * that share of the calls instead of multiplying them.
 * @see https://finagle.github.io/blog/2016/02/08/retry-budgets/
 */
export class RetryBudget {
  readonly #share: number;
  readonly #perSecond: number;
  #left: number;
  #refilledAt = 0;

  constructor({ share, perSecond }: BalancingSettings['retries']) {
    this.#share = share;
    this.#perSecond = perSecond;
    this.#left = perSecond * savedSeconds;
  }

  /** A call is made. */
  called(): void {
    this.#left += this.#share;
  }

  /** @param recentCalls how many calls may have added to what is left @returns false when none is left */
  take(recentCalls: number, now: number): boolean {
    const gained = this.#refilledAt === 0 ? 0 : ((now - this.#refilledAt) / 1_000) * this.#perSecond;
    this.#refilledAt = now;
    const most = this.#perSecond * savedSeconds + this.#share * recentCalls;
    this.#left = Math.min(this.#left + gained, Math.max(most, 0));
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
