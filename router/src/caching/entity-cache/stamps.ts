/** Tags whose last change is remembered; of older ones it is only known that they changed no later than the oldest of these. */
const mostTags = 50_000;

/** When a fetch left, by the changes that were heard of before. */
export interface Leave {
  /** The number of the last change. */
  readonly number: number;
  /** Grows whenever changes may have been missed. */
  readonly era: number;
  /** Milliseconds of the system's clock. */
  readonly at: number;
}

/**
 * When what was last changed, as growing numbers. An answer holds as long as nothing that it is made of changed after its
 * fetch left: so nothing has to be found and deleted, and a fetch that a change overtakes is never taken for fresh.
 */
export class Stamps {
  #current = 0;
  #floor = 0;
  #era = 0;
  readonly #byTag = new Map<string, number>();
  readonly #mostTags: number;

  constructor(limit = mostTags) {
    this.#mostTags = limit;
  }

  leave(): Leave {
    return { number: this.#current, era: this.#era, at: Date.now() };
  }

  /** @param number where changes are numbered for several routers; each counts for itself without */
  mark(tags: Iterable<string>, number = this.#current + 1): void {
    if (number > this.#current) this.#current = number;
    for (const tag of tags) {
      this.#byTag.delete(tag);
      this.#byTag.set(tag, number);
    }
    while (this.#byTag.size > this.#mostTags) {
      const [oldest] = this.#byTag;
      if (!oldest) return;
      this.#byTag.delete(oldest[0]);
      this.raiseFloor(oldest[1]);
    }
  }

  /** What left before this change is not known to hold. */
  raiseFloor(number: number): void {
    if (number > this.#floor) this.#floor = number;
  }

  /** Changes may have been missed: nothing that left until now holds in this process. Numbers may begin anew. */
  newEra(): void {
    this.#era += 1;
    this.#current = 0;
    this.#floor = 0;
    this.#byTag.clear();
  }

  isOfThisEra({ era }: Leave): boolean {
    return era === this.#era;
  }

  /** Whether nothing of this changed since. */
  holds({ number, tags }: { readonly number: number; readonly tags: readonly string[] }): boolean {
    if (number < this.#floor) return false;
    for (const tag of tags) {
      const changed = this.#byTag.get(tag);
      if (changed !== undefined && changed > number) return false;
    }
    return true;
  }
}
