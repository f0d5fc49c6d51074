import type { Ask } from './asks.ts';
import type { FetchStep } from './compiled-plan.ts';
import { copyOf, type Data, isObject, mergeInto, objectsAt } from './data.ts';
import { EntityErrors } from './entity-errors.ts';
import { type Execution, variablesFor } from './execute-plan.ts';
import type { Place } from './known-entities.ts';
import type { Requirements } from './requirements.ts';
import { applyRewrites } from './rewrites.ts';
import type { FetchOutcome } from './subgraph-fetch.ts';

/** An entity that is asked about once, and the objects in the data that it completes, by their number. */
interface Wanted {
  readonly representation: Data;
  readonly targets: number[];
}

/** Completes the objects with what the subgraph knows of them. Each entity is asked about once, however often it shows. */
export async function fetchEntities(step: FetchStep, targets: readonly Data[], execution: Execution): Promise<void> {
  const fetch = new EntityFetch(step, targets, execution);
  if (fetch.missing.length > 0) fetch.take(call(step, fetch.missing, execution));
  await fetch.finish();
}

/** The same for several steps in one call: `whole` asks what all of them ask. */
export async function fetchTogether(
  whole: FetchStep,
  steps: readonly FetchStep[],
  targetsOf: (step: FetchStep) => readonly Data[],
  execution: Execution,
): Promise<void> {
  const fetches = steps.map((step) => new EntityFetch(step, targetsOf(step), execution));
  const asking = fetches.filter(({ missing }) => missing.length > 0);
  const [only] = asking;
  if (only && asking.length === 1) only.take(call(only.step, only.missing, execution));
  else if (only) {
    const places = call(
      whole,
      asking.flatMap(({ missing }) => missing),
      execution,
    );
    let next = 0;
    for (const fetch of asking) {
      fetch.take(places.slice(next, next + fetch.missing.length));
      next += fetch.missing.length;
    }
  }
  await Promise.all(fetches.map((fetch) => fetch.finish()));
}

/** One step's way from objects in the data to what they are completed with. */
class EntityFetch {
  readonly step: FetchStep;
  /** What has to be asked for: no other step has. */
  readonly missing: readonly Wanted[];
  readonly #targets: readonly Data[];
  readonly #execution: Execution;
  readonly #wanted: readonly Wanted[];
  /** Where each answer is, or will be. */
  #places: (Place | undefined)[];

  constructor(step: FetchStep, targets: readonly Data[], execution: Execution) {
    this.step = step;
    this.#targets = targets;
    this.#execution = execution;
    this.#wanted = step.requires ? distinct(step, step.requires, targets, execution) : [];
    this.#places = this.#wanted.map((want) => this.#findKnown(want));
    this.missing = this.#wanted.filter((_, number) => !this.#places[number]);
  }

  /** @param called where the answer to each that was missing will be */
  take(called: readonly Place[]): void {
    if (this.#sharing) {
      this.missing.forEach((want, number) => {
        const place = called[number];
        if (place) this.#note(want, place);
      });
    }
    let next = 0;
    this.#places = this.#places.map((place) => place ?? called[next++]);
  }

  async finish(): Promise<void> {
    const telling = new EntityErrors(this.step, this.#targets, this.#execution);
    let from: Promise<FetchOutcome> | undefined;
    let outcome: FetchOutcome | undefined;
    for (let number = 0; number < this.#wanted.length; number += 1) {
      const want = this.#wanted[number];
      const place = this.#places[number];
      if (!want || !place) continue;
      if ('entity' in place) {
        complete(place.entity, want, this.#targets, askOf(this.step, want));
        continue;
      }
      // Nearly all are of one call.
      if (!outcome || from !== place.outcome) {
        from = place.outcome;
        outcome = await from;
      }
      if (outcome.errors.length > 0) telling.tell(outcome, place.index, want);
      const entities = outcome.data?._entities;
      const entity: unknown = Array.isArray(entities) ? entities[place.index] : undefined;
      if (isObject(entity)) complete(entity, want, this.#targets, askOf(this.step, want), this.#isKept(want));
    }
  }

  /** After a mutation within one operation nothing is known any more: only a query's entities stay as they were. */
  get #sharing(): boolean {
    return this.#execution.isQuery && (this.step.asks !== undefined || this.step.answers !== undefined);
  }

  #findKnown(want: Wanted): Place | undefined {
    const ask = this.#sharing ? askOf(this.step, want) : undefined;
    return ask && this.#execution.known.find(ask, want.representation);
  }

  #note(want: Wanted, place: Place): void {
    for (const ask of this.step.answers?.get(String(want.representation.__typename)) ?? []) {
      this.#execution.known.note(ask, want.representation, place);
    }
  }

  /** Whether other steps may take the entity too, or it was another's, so that it has to stay as it came. */
  #isKept(want: Wanted): boolean {
    if (!this.#sharing) return false;
    const answers = this.step.answers?.get(String(want.representation.__typename))?.length ?? 0;
    return answers > 0 || askOf(this.step, want) !== undefined;
  }
}

/** Which objects are the same entity is told by its key where that can be: objects show over and over. */
function distinct(step: FetchStep, requires: Requirements, targets: readonly Data[], { types }: Execution): Wanted[] {
  const wanted: Wanted[] = [];
  const byType = new Map<unknown, Map<string | number, Wanted>>();
  const rewritten = step.inputRewrites.length > 0;
  for (let number = 0; number < targets.length; number += 1) {
    const target = targets[number];
    if (!target) continue;
    let representation: Data | undefined;
    let key = rewritten ? undefined : requires.keyOf(target, types);
    // A representation's text tells its type too.
    const type = key === undefined ? undefined : target.__typename;
    if (key === undefined) {
      representation = requires.pick(target, types);
      if (!representation) continue;
      if (rewritten) applyRewrites(step.inputRewrites, representation, types);
      key = textOf(representation);
    }
    const ofType = byType.get(type) ?? new Map<string | number, Wanted>();
    const known = ofType.get(key);
    if (known) {
      known.targets.push(number);
      continue;
    }
    representation ??= requires.pick(target, types);
    if (!representation) continue;
    const want = { representation, targets: [number] };
    if (ofType.size === 0) byType.set(type, ofType);
    ofType.set(key, want);
    wanted.push(want);
  }
  return wanted;
}

/** The same for the same values, and nothing more; JSON is dearer. */
function textOf(representation: Data): string {
  let text = '';
  for (const name in representation) {
    const value = representation[name];
    text += typeof value === 'string' ? `"${value.length}:${value}` : JSON.stringify(value);
    text += ',';
  }
  return text;
}

const askOf = ({ asks }: FetchStep, { representation }: Wanted): Ask | undefined =>
  asks?.get(String(representation.__typename));

function call(step: FetchStep, wanted: readonly Wanted[], execution: Execution): Place[] {
  const { variables, text } = variablesFor(step, execution.variables);
  const representations = wanted.map(({ representation }) => representation);
  const outcome = execution.fetchSubgraph(
    {
      step,
      variables: { ...variables, representations },
      body: `${step.bodyHead}${text === '' ? '' : `${text},`}"representations":${JSON.stringify(representations)}}}`,
      entities: wanted.length,
      mayShare: execution.isQuery,
    },
    execution.context,
  );
  const prepared =
    step.outputRewrites.length > 0 || step.sightings.length > 0
      ? outcome.then((given) => prepare(step, given, execution))
      : outcome;
  // Told where it is waited for, which may be nowhere when another's answer could not be followed.
  prepared.catch(() => {});
  return wanted.map((_, index) => ({ outcome: prepared, index }));
}

function prepare(step: FetchStep, outcome: FetchOutcome, execution: Execution): FetchOutcome {
  const entities = outcome.data?._entities;
  if (Array.isArray(entities) && step.outputRewrites.length > 0) {
    for (const entity of entities) if (isObject(entity)) applyRewrites(step.outputRewrites, entity, execution.types);
  }
  noteSightings(step, outcome, execution);
  return outcome;
}

/** Remembers the entities of an answer that other steps ask about: of one without errors, which would be told in one place only. */
export function noteSightings(
  step: FetchStep,
  { data, errors }: Pick<FetchOutcome, 'data' | 'errors'>,
  { known, isQuery }: Execution,
): void {
  if (!data || errors.length > 0 || !isQuery) return;
  for (const { path, asks } of step.sightings) {
    for (const entity of objectsAt(data, path)) {
      const ask = asks.get(String(entity.__typename));
      if (ask) known.note(ask, entity, { entity });
    }
  }
}

/**
 * What several objects take from one answer they take as copies: each is written into later. Of what another step asked
 * for they take what they ask for themselves: the rest may have a name that means something else here.
 */
function complete(entity: Data, want: Wanted, targets: readonly Data[], ask: Ask | undefined, isKept = true): void {
  const part = ask ? only(entity, ask) : entity;
  for (let use = want.targets.length - 1; use >= 0; use -= 1) {
    const target = targets[want.targets[use] ?? -1];
    if (target) mergeInto(target, use > 0 || isKept ? copyOf(part) : part);
  }
}

function only(entity: Data, { fields }: Ask): Data {
  const part: Data = {};
  for (const name of fields.values()) if (Object.hasOwn(entity, name)) part[name] = entity[name];
  return part;
}
