import { RollingWindow } from './rolling-window.ts';
import type { BalancingSettings } from './settings.ts';

/** How a call was let through: a trial decides whether the others may follow. */
export type Admission = 'refused' | 'ordinary' | 'trial';
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Opens when too many of the recent calls failed: calls are then refused at once instead of each waiting for its
 * deadline. After a pause one call is let through; its success closes the breaker, its failure begins a longer pause.
 */
export class CircuitBreaker {
  readonly #settings: BalancingSettings['breaker'];
  readonly #recent: RollingWindow;
  #state: BreakerState = 'closed';
  #openUntil = 0;
  #pauseMs = 0;
  #openings = 0;

  constructor(settings: BalancingSettings['breaker']) {
    this.#settings = settings;
    this.#recent = new RollingWindow(settings.windowMs);
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** How often it opened, ever. */
  get openings(): number {
    return this.#openings;
  }

  /** Calls that ended recently. */
  recentCalls(now: number): number {
    return this.#recent.total(now);
  }

  admit(now: number): Admission {
    if (this.#state === 'closed') return 'ordinary';
    if (this.#state === 'half-open' || now < this.#openUntil) return 'refused';
    this.#state = 'half-open';
    return 'trial';
  }

  succeeded(admission: Admission, now: number): void {
    this.#recent.count(true, now);
    if (admission !== 'trial') return;
    this.#state = 'closed';
    this.#recent.clear();
    this.#pauseMs = 0;
  }

  /** @param isHopeless whether no instance answered its last call: while one does, it is for the balancer to choose it */
  failed(admission: Admission, isHopeless: boolean, now: number): void {
    this.#recent.count(false, now);
    if (admission === 'trial') this.#open(now);
    else if (this.#state === 'closed' && isHopeless && this.#isFailing(now)) this.#open(now);
  }

  /** The call ended without a verdict, as when its client went away: another one may try. */
  undecided(admission: Admission): void {
    if (admission === 'trial') this.#state = 'open';
  }

  /** Somebody new is there to be asked: the next call may try. */
  hopeAgain(): void {
    this.#openUntil = 0;
  }

  #isFailing(now: number): boolean {
    const total = this.#recent.total(now);
    return total >= this.#settings.minimumCalls && this.#recent.failures(now) >= total * this.#settings.failureRatio;
  }

  #open(now: number): void {
    const { firstMs, longestMs } = this.#settings;
    this.#pauseMs = this.#pauseMs === 0 ? firstMs : Math.min(this.#pauseMs * 2, longestMs);
    this.#state = 'open';
    this.#openUntil = now + this.#pauseMs;
    this.#openings += 1;
  }
}
