const slots = 10;

/** Counts the recent successes and failures, in ten slots of time. Counting costs an addition. */
export class RollingWindow {
  readonly #slotMs: number;
  readonly #succeeded = new Uint32Array(slots);
  readonly #failed = new Uint32Array(slots);
  #current = 0;
  #successes = 0;
  #failures = 0;

  constructor(windowMs: number) {
    this.#slotMs = windowMs / slots;
  }

  /** @param now in ms, never less than before */
  count(succeeded: boolean, now: number): void {
    this.#advance(now);
    const counts = succeeded ? this.#succeeded : this.#failed;
    const slot = this.#current % slots;
    counts[slot] = (counts[slot] ?? 0) + 1;
    if (succeeded) this.#successes += 1;
    else this.#failures += 1;
  }

  total(now: number): number {
    this.#advance(now);
    return this.#successes + this.#failures;
  }

  failures(now: number): number {
    this.#advance(now);
    return this.#failures;
  }

  clear(): void {
    this.#succeeded.fill(0);
    this.#failed.fill(0);
    this.#successes = 0;
    this.#failures = 0;
  }

  #advance(now: number): void {
    const current = Math.floor(now / this.#slotMs);
    if (current === this.#current) return;
    if (current - this.#current >= slots) this.clear();
    else {
      for (let slot = this.#current + 1; slot <= current; slot += 1) {
        this.#successes -= this.#succeeded[slot % slots] ?? 0;
        this.#failures -= this.#failed[slot % slots] ?? 0;
        this.#succeeded[slot % slots] = 0;
        this.#failed[slot % slots] = 0;
      }
    }
    this.#current = current;
  }
}
