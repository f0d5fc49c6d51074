import { z } from 'zod';

export const fault = z.strictObject({
  /**
   * `hang` never answers, `500`, `429` and `413` refuse, `garbage` answers 200 with half of a JSON text, `latency`
   * answers as usual, late.
   */
  mode: z.enum(['hang', '500', '429', '413', 'garbage', 'latency']),
  /** How late `latency` is, in milliseconds. */
  ms: z.int().min(0).max(600_000).default(1000),
  /** How many requests it hits; all until it is cleared when absent. */
  times: z.int().min(1).optional(),
});

export type Fault = z.input<typeof fault>;
type SetFault = z.output<typeof fault>;

/** What goes wrong at present with requests to the Content API. Assets keep being served. */
export class Faults {
  #current: SetFault | null = null;
  #left = 0;
  #hits = 0;

  get state(): { fault: SetFault | null; left: number | null; hits: number } {
    return { fault: this.#current, left: this.#current?.times === undefined ? null : this.#left, hits: this.#hits };
  }

  /** Replaces what goes wrong at present, and counts hits anew. */
  set(given: Fault): void {
    this.#current = fault.parse(given);
    this.#left = this.#current.times ?? Number.POSITIVE_INFINITY;
    this.#hits = 0;
  }

  clear(): void {
    this.#current = null;
  }

  /** What goes wrong with this request. */
  take(): SetFault | null {
    const current = this.#current;
    if (!current) return null;
    this.#hits += 1;
    this.#left -= 1;
    if (this.#left <= 0) this.#current = null;
    return current;
  }
}
