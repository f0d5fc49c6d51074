import type { Logger } from '@mercato/telemetry';
import type { Belief } from '../client.ts';

/** Keys whose last use waits to be saved, at most: those beyond are forgotten. */
const mostWaiting = 20_000;

/** When keys were last used, until it is saved: requests only write a number into their belief. */
export class Uses {
  #waiting = new Map<string, number>();
  /** Uses before were taken along already, in ms since the epoch. */
  #takenUntil = 0;

  /** Of a belief that is about to be dropped. */
  keep(id: string, { usedAt }: Belief): void {
    if (usedAt < this.#takenUntil || usedAt === 0) return;
    if (this.#waiting.size >= mostWaiting && !this.#waiting.has(id)) return;
    this.#waiting.set(id, Math.max(usedAt, this.#waiting.get(id) ?? 0));
  }

  /** Saves what is new. What cannot be saved waits for the next time. */
  async save(
    beliefs: Iterable<[string, Belief]>,
    write: (uses: ReadonlyMap<string, number>) => Promise<void>,
    logger: Logger,
  ): Promise<void> {
    const now = Date.now();
    for (const [id, belief] of beliefs) this.keep(id, belief);
    const taken = this.#waiting;
    this.#waiting = new Map();
    this.#takenUntil = now;
    if (taken.size === 0) return;
    try {
      await write(taken);
    } catch (error) {
      logger.debug({ err: error }, 'When API keys were last used cannot be saved; trying again');
      const newer = this.#waiting;
      this.#waiting = taken;
      for (const [id, at] of newer) this.#waiting.set(id, at);
    }
  }
}
