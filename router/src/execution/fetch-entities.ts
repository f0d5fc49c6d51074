import type { GraphQLFormattedError } from 'graphql';
import type { Ask } from './asks.ts';
import type { FetchStep } from './compiled-plan.ts';
import { copyOf, type Data, isObject, mergeInto, objectsAt, type Path, pathsOfObjectsAt } from './data.ts';
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
export async function fetchEntities(
  step: FetchStep,
  requires: Requirements,
  targets: readonly Data[],
  execution: Execution,
): Promise<void> {
  const wanted = distinct(step, requires, targets, execution);
  if (wanted.length === 0) return;
  const places = placesOf(step, wanted, execution);
  const telling = new Telling(step, targets, execution);
  let from: Promise<FetchOutcome> | undefined;
  let outcome: FetchOutcome | undefined;
  for (let number = 0; number < wanted.length; number += 1) {
    const want = wanted[number];
    const place = places[number];
    if (!want || !place) continue;
    if ('entity' in place) {
      complete(place.entity, want, targets, askOf(step, want));
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
    if (isObject(entity)) complete(entity, want, targets, askOf(step, want), isKept(step, want, execution));
  }
}

function distinct(step: FetchStep, requires: Requirements, targets: readonly Data[], { types }: Execution): Wanted[] {
  const byText = new Map<string, Wanted>();
  for (let number = 0; number < targets.length; number += 1) {
    const target = targets[number];
    const representation = target && requires.pick(target, types);
    if (!representation) continue;
    if (step.inputRewrites.length > 0) applyRewrites(step.inputRewrites, representation, types);
    const text = textOf(representation);
    const known = byText.get(text);
    if (known) known.targets.push(number);
    else byText.set(text, { representation, targets: [number] });
  }
  return [...byText.values()];
}

/** The same for the same values, and nothing more: objects show over and over, and JSON is dearer. */
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

/** Whether other steps may take the entity too, so that it has to stay as it came. */
const isKept = ({ answers }: FetchStep, { representation }: Wanted, { isQuery }: Execution): boolean =>
  isQuery && (answers?.get(String(representation.__typename))?.length ?? 0) > 0;

/** Where each answer is, or will be. What other steps know is not asked for again. */
function placesOf(step: FetchStep, wanted: readonly Wanted[], execution: Execution): readonly (Place | undefined)[] {
  // After a mutation within one operation nothing is known any more: only a query's entities stay as they were.
  if (!execution.isQuery || !(step.asks || step.answers)) return call(step, wanted, execution);
  const places = wanted.map((want) => {
    const ask = askOf(step, want);
    return ask && execution.known.find(ask, want.representation);
  });
  const missing = wanted.filter((_, number) => !places[number]);
  if (missing.length === 0) return places;
  const called = call(step, missing, execution);
  missing.forEach((want, number) => {
    const place = called[number];
    if (!place) return;
    for (const ask of step.answers?.get(String(want.representation.__typename)) ?? []) {
      execution.known.note(ask, want.representation, place);
    }
  });
  let next = 0;
  return places.map((place) => place ?? called[next++]);
}

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
  return wanted.map((_, index) => ({ outcome: prepared, index }));
}

function prepare(step: FetchStep, outcome: FetchOutcome, execution: Execution): FetchOutcome {
  const entities = outcome.data?._entities;
  if (Array.isArray(entities) && step.outputRewrites.length > 0) {
    for (const entity of entities) if (isObject(entity)) applyRewrites(step.outputRewrites, entity, execution.types);
  }
  noteSightings(step, outcome.data, execution);
  return outcome;
}

/** Remembers the entities of an answer that other steps ask about. */
export function noteSightings(step: FetchStep, data: Data | null, { known, isQuery }: Execution): void {
  if (!data || !isQuery) return;
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

/** Tells errors of a subgraph at the client's paths. */
class Telling {
  readonly #step: FetchStep;
  readonly #targets: readonly Data[];
  readonly #execution: Execution;
  readonly #told = new Set<GraphQLFormattedError>();
  #paths: readonly Path[] | undefined;

  constructor(step: FetchStep, targets: readonly Data[], execution: Execution) {
    this.#step = step;
    this.#targets = targets;
    this.#execution = execution;
  }

  tell({ errors, failed }: FetchOutcome, index: number, { targets }: Wanted): void {
    for (const error of errors) {
      const { path = [] } = error;
      const at = path[1];
      if (!failed && typeof at === 'number') {
        // An error of one entity is an error wherever the entity shows.
        if (at === index) for (const target of targets) this.#push(error, [...this.#pathOf(target), ...path.slice(2)]);
      } else if (!this.#told.has(error)) {
        // One error says enough of a call without an answer, and of errors that belong to no entity.
        this.#told.add(error);
        this.#push(error, failed ? [...this.#pathOf(targets[0] ?? 0), ...path.slice(2)] : this.#place());
      }
    }
  }

  #push(error: GraphQLFormattedError, path: Path): void {
    this.#execution.errors.push({ ...error, path });
  }

  #pathOf(target: number): Path {
    this.#paths ??= pathsOfObjectsAt(this.#execution.data, this.#step.path);
    return this.#targets.length === this.#paths.length ? (this.#paths[target] ?? []) : this.#place();
  }

  #place(): Path {
    return this.#step.path.filter((part) => part !== '@');
  }
}
