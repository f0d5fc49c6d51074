import type { LiveFeed } from './feed.ts';
import type { Watch } from './watch.ts';

/** What a follower learns when it looks. */
export interface Reading<Event> {
  /** What to tell, oldest first; nothing, when what changed is not for its eyes. */
  readonly events: readonly Event[];
  /** What to watch from now on, where that depends on what was read. */
  readonly names?: Iterable<string>;
  /** When the state changes by itself. */
  readonly until?: Date;
  /** There is nothing more to follow. */
  readonly over?: boolean;
}

/**
 * The source of a subscription: looks at once, and again after each change, when its consumer asks for more. Changes
 * that come meanwhile are one look.
 * @param read is told which names changed: all of them at first, none when it is time by `until`.
 */
export async function readAgain<Event extends object>(
  feed: LiveFeed,
  names: Iterable<string>,
  read: (changed: ReadonlySet<string>) => Promise<Reading<Event>>,
): Promise<AsyncIterableIterator<Event, undefined>> {
  const watch = await feed.watch(names);
  return new Readings(watch, (changed) => feed.turns.take(() => read(changed)));
}

class Readings<Event extends object> implements AsyncIterableIterator<Event, undefined> {
  readonly #watch: Watch;
  readonly #read: (changed: ReadonlySet<string>) => Promise<Reading<Event>>;
  #events: Event[] = [];
  #until: Date | undefined;

  constructor(watch: Watch, read: (changed: ReadonlySet<string>) => Promise<Reading<Event>>) {
    this.#watch = watch;
    this.#read = read;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** One at a time. @throws what `read` throws; then it is over. */
  async next(): Promise<IteratorResult<Event, undefined>> {
    while (this.#events.length === 0) {
      const changed = await this.#watch.changes(this.#until);
      if (changed === null) return { value: undefined, done: true };
      await this.#look(changed);
    }
    const value = this.#events.shift();
    return value ? { value, done: false } : { value, done: true };
  }

  /** Ends at once, also while it waits. */
  async return(): Promise<IteratorResult<Event, undefined>> {
    this.#watch.end();
    this.#events = [];
    return { value: undefined, done: true };
  }

  async #look(changed: ReadonlySet<string>): Promise<void> {
    try {
      const { events, names, until, over } = await this.#read(changed);
      this.#events = [...events];
      this.#until = until;
      if (over) this.#watch.end();
      else if (names) this.#watch.rename(names);
    } catch (error) {
      this.#watch.end();
      throw error;
    }
  }
}
