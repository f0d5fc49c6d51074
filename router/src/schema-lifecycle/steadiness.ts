/** Milliseconds. */
export interface SteadinessSettings {
  /** For how long what a subgraph serves has to stay the same before it is taken. */
  readonly settle: number;
  /** The same for one that keeps changing between things that it served before, at most. */
  readonly longest: number;
}

/** Changes of a subgraph within the last `longest`, each of which doubles what it has to wait. */
interface Record {
  serving: string;
  since: number;
  changes: number[];
}

/**
 * Tells for how long each subgraph has served the same: one that flaps between two versions has to stay with one for longer
 * each time, so that routers do not follow it.
 */
export class Steadiness {
  readonly #settings: SteadinessSettings;
  readonly #records = new Map<string, Record>();

  constructor(settings: SteadinessSettings) {
    this.#settings = settings;
  }

  /** @param serving what it serves, such as the hashes of its SDLs @param now in ms */
  saw(subgraph: string, serving: string, now: number): void {
    const record = this.#records.get(subgraph);
    if (!record) {
      this.#records.set(subgraph, { serving, since: now, changes: [] });
    } else if (record.serving !== serving) {
      record.serving = serving;
      record.since = now;
      record.changes = [...record.changes.filter((at) => now - at < this.#settings.longest), now];
    }
  }

  /** When what it serves now may be taken, unless it changes again before, in ms. */
  steadyAt(subgraph: string): number {
    const record = this.#records.get(subgraph);
    if (!record) return 0;
    const { settle, longest } = this.#settings;
    const doublings = Math.max(0, record.changes.length - 2);
    return record.since + Math.min(settle * 2 ** doublings, longest);
  }
}
