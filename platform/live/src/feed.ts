import { createHash } from 'node:crypto';
import type { Logger } from '@mercato/telemetry';
import { Listener } from './listener.ts';
import { Turns } from './turns.ts';
import { type Registry, Watch } from './watch.ts';

export interface LiveFeedOptions {
  /** The domain's own database; a pooler in between has to be in session mode. */
  readonly databaseUrl: string;
  readonly logger: Logger;
  /**
   * Milliseconds for which news are gathered before anybody hears of them: a burst of changes is one, and followers of
   * the same thing look at it together.
   */
  readonly gatherMs?: number;
  /** Looks at the database at once: after an outage everybody looks again, and others need its connections too. */
  readonly looksAtOnce?: number;
}

/** What the database calls a name in a notification; the README's `tell_live` makes the same. */
const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex').slice(0, 32);

/** Hears what changed in a domain's database, whichever process changed it, and tells the followers in this one. */
export class LiveFeed {
  readonly #listener: Listener;
  readonly #gatherMs: number;
  /** Whoever follows looks at the database in its turn. */
  readonly turns: Turns;
  readonly #watches = new Set<Watch>();
  readonly #waitingFor = new Map<string, { readonly name: string; readonly watches: Set<Watch> }>();
  readonly #registry: Registry = {
    join: (watch, names) => {
      for (const name of names) {
        const digest = digestOf(name);
        const waiting = this.#waitingFor.get(digest);
        if (waiting) waiting.watches.add(watch);
        else this.#waitingFor.set(digest, { name, watches: new Set([watch]) });
      }
    },
    leave: (watch, names) => {
      for (const name of names) {
        const digest = digestOf(name);
        const waiting = this.#waitingFor.get(digest);
        waiting?.watches.delete(watch);
        if (waiting?.watches.size === 0) this.#waitingFor.delete(digest);
      }
    },
    ended: (watch) => this.#watches.delete(watch),
  };
  #gathered = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor({ databaseUrl, logger, gatherMs = 20, looksAtOnce = 4 }: LiveFeedOptions) {
    this.#gatherMs = gatherMs;
    this.turns = new Turns(looksAtOnce);
    this.#listener = new Listener({
      databaseUrl,
      channel: 'live_change',
      logger,
      onNotification: (payload) => this.#gather(payload.split(' ')),
      onRecovered: () => {
        logger.info({ followers: this.#watches.size }, 'Changes are heard of again; what is followed is read anew');
        for (const watch of this.#watches) watch.markAll();
      },
    });
  }

  /** How many follow something now. */
  get followers(): number {
    return this.#watches.size;
  }

  /** From now on no change of these names is missed; all count as changed at first. @throws Error when it cannot listen. */
  async watch(names: Iterable<string>): Promise<Watch> {
    await this.#listener.listening();
    const watch = new Watch(this.#registry, names);
    this.#watches.add(watch);
    return watch;
  }

  /** Ends all who follow. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const watch of [...this.#watches]) watch.end();
    await this.#listener.close();
  }

  #gather(digests: readonly string[]): void {
    for (const digest of digests) if (this.#waitingFor.has(digest)) this.#gathered.add(digest);
    if (this.#gathered.size > 0) this.#timer ??= setTimeout(() => this.#tell(), this.#gatherMs);
  }

  #tell(): void {
    this.#timer = undefined;
    const gathered = this.#gathered;
    this.#gathered = new Set();
    for (const digest of gathered) {
      const waiting = this.#waitingFor.get(digest);
      for (const watch of waiting?.watches ?? []) watch.mark(waiting?.name ?? '');
    }
  }
}
