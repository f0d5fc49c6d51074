import type { Viewer } from '@mercato/auth';
import { LRUCache } from 'lru-cache';
import type { RouterContext } from '../../context.ts';

/** Longer than anything is kept for would be of no use; who wrote longer ago was told of by then. */
const rememberedMs = 5 * 60_000;

/** When clients last changed something in a subgraph: what left before is not for them. */
export class OwnWrites {
  readonly #writes = new LRUCache<string, number>({ max: 10_000, ttl: rememberedMs });

  note(context: RouterContext, subgraph: string): void {
    this.#writes.set(keyOf(context, subgraph), Date.now());
  }

  /** Milliseconds of the system's clock; undefined where it did not. */
  last(context: RouterContext, subgraph: string): number | undefined {
    return this.#writes.size === 0 ? undefined : this.#writes.get(keyOf(context, subgraph));
  }
}

/** Guests are known by where they come from, or are all one. */
const keyOf = ({ viewer, account }: RouterContext, subgraph: string): string =>
  `${viewer.kind} ${viewer.id ?? account?.key ?? ''} ${subgraph}`;

const scopes = new WeakMap<Viewer, string>();

/** What of a viewer an answer may depend on that is for all of a kind: drafts show to those who may read the catalog. */
export function scopeOf(viewer: Viewer): string {
  let scope = scopes.get(viewer);
  if (scope === undefined) {
    scope = JSON.stringify([viewer.kind, [...viewer.scopes].sort()]);
    scopes.set(viewer, scope);
  }
  return scope;
}
