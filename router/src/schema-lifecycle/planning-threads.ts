import { type PlanningSettings, PlanningThread } from '../planning/planning-thread.ts';

/** Milliseconds without work after which a thread beside the one that serves gives its memory back. */
const idleMs = 20_000;

/**
 * The thread that plans for requests, and while there is a new schema a second one that loads it, so that no request waits
 * for that. Once the new schema serves, they have changed places.
 */
export class PlanningThreads {
  readonly #settings: Partial<PlanningSettings> | undefined;
  #serving: PlanningThread;
  #spare: PlanningThread | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(settings?: Partial<PlanningSettings>) {
    this.#settings = settings;
    this.#serving = new PlanningThread(settings);
  }

  get serving(): PlanningThread {
    return this.#serving;
  }

  /** Where a new schema is composed and loaded; it stays until it has been idle. */
  spare(): PlanningThread {
    if (this.#closed) throw new Error('The router is closing.');
    clearTimeout(this.#idle);
    this.#spare ??= new PlanningThread(this.#settings);
    return this.#spare;
  }

  /** What was loaded in the spare one serves now. */
  change(): void {
    const { serving } = this;
    this.#serving = this.spare();
    this.#spare = serving;
    this.tidy();
  }

  /** Ends the spare one later, unless it is wanted again. */
  tidy(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      // Requests of an old schema are still planned there.
      if (!this.#spare?.isEmpty) return this.tidy();
      void this.#spare.close();
      this.#spare = undefined;
    }, idleMs);
    this.#idle.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await Promise.all([this.#serving.close(), this.#spare?.close()]);
  }
}
