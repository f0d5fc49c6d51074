import { LRUCache } from 'lru-cache';
import { copyOf, type Data } from '../../execution/data.ts';

/** What a subgraph answered once, for whoever asks the same. */
export interface Entry {
  /** Null is an answer too: there is no such entity. Nobody writes into it. */
  readonly value: Data | null;
  /** The last change that was heard of when its fetch left. */
  readonly number: number;
  /** Milliseconds of the system's clock. */
  readonly leftAt: number;
  readonly expiresAt: number;
  /** What it is made of. */
  readonly tags: readonly string[];
}

/** What an entry takes beside its text: objects are some times their JSON. */
const overhead = 400;
const bytesOfCharacter = 4;

/** The entries of this process, the least recently used making room. */
export class Entries {
  readonly #kept: LRUCache<string, Entry>;

  constructor(maxBytes: number) {
    this.#kept = new LRUCache({ maxSize: maxBytes, maxEntrySize: Math.ceil(maxBytes / 8) });
  }

  get(key: string): Entry | undefined {
    return this.#kept.get(key);
  }

  /** @param length of the value as JSON */
  set(key: string, entry: Entry, length: number): void {
    this.#kept.set(key, entry, { size: overhead + bytesOfCharacter * length + key.length * 2 });
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }

  get count(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }
}

/** Whoever is answered with it writes into it. */
export const ownCopyOf = ({ value }: Entry): Data | null => copyOf(value);
