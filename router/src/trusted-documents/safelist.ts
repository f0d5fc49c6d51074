import { LRUCache } from 'lru-cache';
import { canonicalText } from './canonical-text.ts';
import type { Manifest } from './manifest.ts';
import type { SafelistMode } from './options.ts';

/** Characters of texts whose verdict is remembered. */
const rememberedCharacters = 8 * 1024 * 1024;

/** What one kind of sender may send: the documents of the manifests that count for it, and how strictly. */
export class Safelist {
  readonly mode: SafelistMode;
  readonly #manifests: readonly Manifest[];
  readonly #verdicts = new LRUCache<string, boolean>({
    max: 10_000,
    maxSize: rememberedCharacters,
    sizeCalculation: (_verdict, text) => text.length + 1,
  });

  constructor(mode: SafelistMode, manifests: readonly Manifest[]) {
    this.mode = mode;
    this.#manifests = manifests;
  }

  /** The document with an id. */
  textOf(id: string): string | undefined {
    for (const manifest of this.#manifests) {
      const text = manifest.textOf(id);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** Whether a text is one of the documents, however it is written. */
  holds(text: string): boolean {
    const known = this.#verdicts.get(text);
    if (known !== undefined) return known;
    const canonical = canonicalText(text);
    const verdict = canonical !== undefined && this.#manifests.some((manifest) => manifest.holds(canonical));
    this.#verdicts.set(text, verdict);
    return verdict;
  }
}

/** From the laxest. */
const byStrictness: readonly SafelistMode[] = ['off', 'audit', 'only', 'ids'];

export const strictest = (modes: readonly SafelistMode[]): SafelistMode =>
  byStrictness.findLast((mode) => modes.includes(mode)) ?? 'off';
