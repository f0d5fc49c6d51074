/** Who knows which watches wait for which names. */
export interface Registry {
  join(watch: Watch, names: readonly string[]): void;
  leave(watch: Watch, names: readonly string[]): void;
  ended(watch: Watch): void;
}

/** A timer's longest span; the shortest wait keeps clocks that differ from making a busy loop. */
const longestWaitMs = 2 ** 31 - 1;
const shortestWaitMs = 1_000;

/**
 * What one follower waits for: a set of names, and which of them changed since it last looked. Nothing piles up here
 * however long it does not look: a name that changed twice is in the set once.
 */
export class Watch {
  readonly #registry: Registry;
  #names: ReadonlySet<string> = new Set();
  #changed = new Set<string>();
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(registry: Registry, names: Iterable<string>) {
    this.#registry = registry;
    this.rename(names);
  }

  /** Waits for these names from now on. New ones count as changed: what happened to them before was not heard. */
  rename(names: Iterable<string>): void {
    if (this.#ended) return;
    const before = this.#names;
    const after = new Set(names);
    const added = [...after].filter((name) => !before.has(name));
    this.#registry.leave(
      this,
      [...before].filter((name) => !after.has(name)),
    );
    this.#registry.join(this, added);
    this.#names = after;
    for (const name of added) this.mark(name);
  }

  /** A name of its set changed. */
  mark(name: string): void {
    this.#changed.add(name);
    this.#wake?.();
  }

  /** Anything may have changed. */
  markAll(): void {
    for (const name of this.#names) this.mark(name);
  }

  /** The names that changed since the last call, once there are some or `until` is past; null when it ended. */
  async changes(until?: Date): Promise<ReadonlySet<string> | null> {
    if (this.#changed.size === 0 && !this.#ended) await this.#news(until);
    if (this.#ended) return null;
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#registry.leave(this, [...this.#names]);
    this.#registry.ended(this);
    this.#wake?.();
  }

  #news(until: Date | undefined): Promise<void> {
    return new Promise((resolve) => {
      const ms = until && Math.min(Math.max(until.getTime() - Date.now(), shortestWaitMs), longestWaitMs);
      const timer = ms === undefined ? undefined : setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
