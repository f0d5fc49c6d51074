import type { FetchStep } from '../../execution/compiled-plan.ts';
import type { Data } from '../../execution/data.ts';
import type { ChangeFeed, HeardChange } from './changes.ts';
import { keysAt } from './entity-places.ts';
import { Entries, type Entry } from './entries.ts';
import type { SharedEntries } from './shared-entries.ts';
import { type Leave, Stamps } from './stamps.ts';
import { compileStepPolicy, type StepPolicy } from './step-policy.ts';
import { anyOfTypeTag, entityTag, tagsOf, wholeTypeTag } from './tags.ts';

export interface EntityCacheOptions {
  /** Memory for the entries of this process. */
  readonly maxBytes: number;
  /** Tells what changed; lifetimes alone bound what is stale without. Closed by whoever made it. */
  readonly changes?: ChangeFeed | undefined;
  /** Entries that several routers share; needs changes that are numbered for all of them. Closed by whoever made it. */
  readonly shared?: SharedEntries | undefined;
}

/** Counters since the start, and what is kept now. */
export interface EntityCacheSnapshot {
  readonly hits: number;
  /** Of the hits, those that another router had asked for. */
  readonly sharedHits: number;
  readonly misses: number;
  readonly stores: number;
  /** Changes that were heard of. */
  readonly invalidations: number;
  readonly entries: number;
  /** Estimated. */
  readonly bytes: number;
}

/** What subgraphs answered, kept for all who may see it, until it changes or its lifetime ends. */
export class EntityCache {
  readonly #entries: Entries;
  readonly #stamps = new Stamps();
  readonly #shared: SharedEntries | undefined;
  readonly #changes: ChangeFeed | undefined;
  readonly #policies = new WeakMap<FetchStep, StepPolicy | 'none'>();
  readonly #counts = { hits: 0, sharedHits: 0, misses: 0, stores: 0, invalidations: 0 };

  /** @param changed told whenever something may have changed: what is under way may be older */
  constructor({ maxBytes, changes, shared }: EntityCacheOptions, changed: () => void) {
    this.#entries = new Entries(maxBytes);
    this.#shared = shared;
    this.#changes = changes;
    changes?.follow({
      heard: (change) => {
        this.#hear(change);
        changed();
      },
      missed: () => {
        this.#stamps.newEra();
        this.#entries.clear();
        changed();
      },
      unknownBefore: (number) => this.#stamps.raiseFloor(number),
    });
  }

  snapshot(): EntityCacheSnapshot {
    return { ...this.#counts, entries: this.#entries.count, bytes: this.#entries.bytes };
  }

  /** Undefined where the step's answers are not kept. */
  policyOf(step: FetchStep): StepPolicy | undefined {
    let policy = this.#policies.get(step);
    if (policy === undefined) {
      policy = compileStepPolicy(step) ?? 'none';
      this.#policies.set(step, policy);
    }
    return policy === 'none' ? undefined : policy;
  }

  leave(): Leave {
    return this.#stamps.leave();
  }

  /** @param after what left before this time, in milliseconds, is not wanted */
  find(key: string, after: number | undefined): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (!this.#isFresh(entry)) {
      this.#entries.delete(key);
      return undefined;
    }
    return after === undefined || entry.leftAt > after ? entry : undefined;
  }

  get isShared(): boolean {
    return this.#shared !== undefined && this.#changes?.isUpToDate === true;
  }

  /** Those that other routers have, each at its key's place. */
  async findShared(keys: readonly string[], { maxAge }: StepPolicy): Promise<readonly (Entry | undefined)[]> {
    const found = (await this.#shared?.find(keys)) ?? [];
    // Changes that were heard of meanwhile count.
    if (!this.isShared) return [];
    // How far clocks of routers differ is not known: theirs neither makes it live longer, nor says what it came after.
    const latestEnd = Date.now() + maxAge;
    return found.map((theirs, index) => {
      const key = keys[index];
      if (!theirs || key === undefined || !this.#isFresh(theirs)) return undefined;
      const entry = { ...theirs, leftAt: 0, expiresAt: Math.min(theirs.expiresAt, latestEnd) };
      this.#entries.set(key, entry, JSON.stringify(entry.value)?.length ?? 0);
      return entry;
    });
  }

  counted({ hits, sharedHits = 0, misses }: { hits: number; sharedHits?: number; misses: number }): void {
    this.#counts.hits += hits;
    this.#counts.sharedHits += sharedHits;
    this.#counts.misses += misses;
  }

  /** @param value nobody writes into it from now on */
  store(key: string, value: Data | null, tags: readonly string[], { maxAge }: StepPolicy, left: Leave): void {
    if (!this.#stamps.isOfThisEra(left)) return;
    const entry = { value, number: left.number, leftAt: left.at, expiresAt: left.at + maxAge, tags };
    if (!this.#isFresh(entry)) return;
    this.#counts.stores += 1;
    this.#entries.set(key, entry, JSON.stringify(value).length);
    if (this.isShared) this.#shared?.store(key, entry);
  }

  #isFresh(entry: Entry): boolean {
    return entry.expiresAt > Date.now() && this.#stamps.holds(entry);
  }

  #hear({ subgraph, changes, number }: HeardChange): void {
    this.#counts.invalidations += changes.length;
    this.#stamps.mark(tagsOf(subgraph, changes), number);
  }
}

/**
 * What an answer is made of, so that it ends with a change of it.
 * @param representation of the entity that was asked about; undefined for an answer from the root
 */
export function tagsOfAnswer(
  subgraph: string,
  { places, searched }: StepPolicy,
  answer: Data | null,
  representation: Data | undefined,
): string[] {
  const tags = new Set<string>();
  const search = (type: string) => tags.add(anyOfTypeTag(subgraph, type));
  const consist = (type: string, keys: readonly string[] | undefined) => {
    if (!keys) search(type);
    else if (keys.length > 0) {
      tags.add(wholeTypeTag(subgraph, type));
      for (const key of keys) tags.add(entityTag(subgraph, type, key));
    }
  };
  if (representation) consist(String(representation.__typename), keysIn(representation));
  for (const type of searched) search(type);
  // Any change of their type ends it anyway.
  for (const place of places) if (!searched.has(place.type)) consist(place.type, keysAt(place, answer ?? {}));
  return [...tags];
}

/** All that a representation says of its entity may be its key; what is none is never told of. */
function keysIn(representation: Data): string[] | undefined {
  const keys: string[] = [];
  for (const name in representation) {
    const value = representation[name];
    if (name !== '__typename' && (typeof value === 'string' || typeof value === 'number')) keys.push(String(value));
  }
  return keys.length > 0 ? keys : undefined;
}
