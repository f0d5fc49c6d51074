import type { EntityKey } from '../graph/entity-keys.ts';
import type { Ask } from './asks.ts';
import type { Data } from './data.ts';
import type { FetchOutcome } from './subgraph-fetch.ts';

/** Where what was asked of an entity is to be found: at a place in a call's outcome, or in the data at hand. */
export type Place = { readonly outcome: Promise<FetchOutcome>; readonly index: number } | { readonly entity: Data };

/**
 * What is known of entities, or on its way, within one operation: who comes to an entity on another way of the query
 * takes what another step has asked for, and asks for what none has.
 */
export class KnownEntities {
  readonly #places = new Map<Ask, Map<string, Place>>();

  find(ask: Ask, representation: Data): Place | undefined {
    const places = this.#places.get(ask);
    if (!places) return undefined;
    for (const key of keysIn(representation, ask.keys)) {
      const place = places.get(key);
      if (place) return place;
    }
    return undefined;
  }

  note(ask: Ask, entity: Data, place: Place): void {
    let places = this.#places.get(ask);
    if (!places) {
      places = new Map();
      this.#places.set(ask, places);
    }
    // What is noted first is there first.
    for (const key of keysIn(entity, ask.keys)) if (!places.has(key)) places.set(key, place);
  }
}

/** Each key that the fields at hand make up, with its values. */
function keysIn(fields: Data, keys: readonly EntityKey[]): string[] {
  const found: string[] = [];
  keys.forEach((key, number) => {
    let text = String(number);
    for (const name of key) {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (value === undefined || value === null) return;
      text += ` ${JSON.stringify(value)}`;
    }
    found.push(text);
  });
  return found;
}
