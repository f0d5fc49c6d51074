export interface CircuitBreakerSettings {
  /** Failures in a row after which nothing is asked for a while. */
  readonly failures: number;
  /** The first rest; each rest that did not help is followed by one twice as long, up to `longestRestMs`. */
  readonly restMs: number;
  readonly longestRestMs: number;
}

/**
 * Keeps requests from a server that fails, so that its failure costs no time. After a rest one request is let through;
 * if it succeeds the circuit closes again.
 */
export class CircuitBreaker {
  readonly #settings: CircuitBreakerSettings;
  readonly #now: () => number;
  #failures = 0;
  #rests = 0;
  #restsUntil: number | null = null;
  #probing = false;

  constructor(settings: CircuitBreakerSettings, now: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#restsUntil !== null;
  }

  /** Whether a request may go now. */
  get allows(): boolean {
    return this.#restsUntil === null || (!this.#probing && this.#now() >= this.#restsUntil);
  }

  /** A request that is allowed goes. It must end in `succeeded`, `failed` or `abandoned`. */
  enter(): void {
    if (this.isOpen) this.#probing = true;
  }

  /** @returns whether this ended a rest. */
  succeeded(): boolean {
    // A request that set out before the rest began says nothing about the time after.
    if (this.isOpen && !this.#probing) return false;
    const wasOpen = this.isOpen;
    this.#failures = 0;
    this.#rests = 0;
    this.#restsUntil = null;
    this.#probing = false;
    return wasOpen;
  }

  /**
   * @param rest for a server that asks to be left alone: at once, and for how long if it says so.
   * @returns whether a rest begins with this failure.
   */
  failed(rest?: { readonly ms: number | undefined }): boolean {
    this.#failures += 1;
    // Those that set out together and fail together are no reason for ever longer rests.
    if (this.isOpen && !this.#probing) return false;
    if (!this.isOpen && !rest && this.#failures < this.#settings.failures) return false;
    const { restMs, longestRestMs } = this.#settings;
    this.#restsUntil = this.#now() + Math.min(rest?.ms ?? restMs * 2 ** this.#rests, longestRestMs);
    this.#rests += 1;
    this.#probing = false;
    return true;
  }

  /** The request ended without a verdict; the next may try. */
  abandoned(): void {
    this.#probing = false;
  }
}
