import type { FetchOutcome } from './subgraph-fetch.ts';

/** Where an entity's answer is to be found: in the outcome of a call, at a place among its entities. */
export interface Place {
  readonly outcome: Promise<FetchOutcome>;
  readonly index: number;
}

/**
 * What was asked of entities so far within one operation, by step and representation: who comes to the same entity on
 * another way of the query waits for the answer that is under way, or takes the one that is there.
 */
export class SharedEntities {
  readonly #places = new Map<string, Map<string, Place>>();

  /** @param sharedAs what is asked, of whom; steps that ask the same have the same */
  placesOf(sharedAs: string): Map<string, Place> {
    let places = this.#places.get(sharedAs);
    if (!places) {
      places = new Map();
      this.#places.set(sharedAs, places);
    }
    return places;
  }
}
