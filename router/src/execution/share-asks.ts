import type { EntityKeys } from '../graph/entity-keys.ts';
import { type Ask, AskedDocument } from './asks.ts';
import type { FetchStep } from './compiled-plan.ts';

/**
 * Finds the steps of a plan that ask one subgraph the same of entities, or of which one shows what another asks for.
 * Those alone keep and look up what is known; the others do without.
 */
export function shareAsks(steps: readonly FetchStep[], keys: EntityKeys): Map<FetchStep, FetchStep> {
  const readable = steps.filter(({ inputRewrites, outputRewrites }) => !inputRewrites.length && !outputRewrites.length);
  if (!readable.some(({ requires }) => requires) || readable.length < 2) return new Map();
  const documents = new Map(readable.map((step) => [step, new AskedDocument(step.query)]));
  const asks = new Asks(keys);
  const asked = new Map<FetchStep, ReadonlyMap<string, Ask>>();
  for (const [step, document] of documents) {
    const fields = step.requires && document.asks();
    if (fields) asked.set(step, asks.of(step.subgraph, fields));
  }
  const changed = new Map<FetchStep, FetchStep>();
  for (const [step, document] of documents) {
    const own = asked.get(step);
    const answers = own && answersOf(own, asks, asked, step);
    const sightings = document.sightings().flatMap(({ path, fields, renamed }) => {
      const seen = asks
        .within(step.subgraph, fields)
        .filter(
          (ask) => ![...(own?.values() ?? [])].includes(ask) && !ask.keys.flat().some((name) => renamed.has(name)),
        );
      return seen.length > 0 ? [{ path, asks: new Map(seen.map((ask) => [ask.type, ask])) }] : [];
    });
    changed.set(step, { ...step, asks: own, answers, sightings });
  }
  return onlyUseful(changed);
}

/** Every ask of the plan once. */
class Asks {
  readonly #keys: EntityKeys;
  readonly #known = new Map<string, Ask>();

  constructor(keys: EntityKeys) {
    this.#keys = keys;
  }

  of(subgraph: string, byType: ReadonlyMap<string, ReadonlyMap<string, string>>): Map<string, Ask> {
    return new Map([...byType].map(([type, fields]) => [type, this.#ask(subgraph, type, fields)]));
  }

  /** Those whose fields are all among these. */
  within(subgraph: string, fields: ReadonlyMap<string, string>, type?: string): Ask[] {
    return [...this.#known.values()].filter(
      (ask) =>
        ask.subgraph === subgraph &&
        (type === undefined || ask.type === type) &&
        [...ask.fields.keys()].every((field) => fields.has(field)),
    );
  }

  #ask(subgraph: string, type: string, fields: ReadonlyMap<string, string>): Ask {
    const text = JSON.stringify([subgraph, type, [...fields.keys()].sort()]);
    const known = this.#known.get(text);
    if (known) return known;
    const ask = { subgraph, type, keys: this.#keys.of(subgraph, type), fields };
    this.#known.set(text, ask);
    return ask;
  }
}

function answersOf(
  own: ReadonlyMap<string, Ask>,
  asks: Asks,
  asked: ReadonlyMap<FetchStep, ReadonlyMap<string, Ask>>,
  step: FetchStep,
): Map<string, readonly Ask[]> {
  const others = new Set([...asked].flatMap(([other, theirs]) => (other === step ? [] : [...theirs.values()])));
  return new Map(
    [...own].map(([type, ask]) => [type, asks.within(ask.subgraph, ask.fields, type).filter((one) => others.has(one))]),
  );
}

/** Leaves out what nobody answers, and what answers nobody. */
function onlyUseful(steps: ReadonlyMap<FetchStep, FetchStep>): Map<FetchStep, FetchStep> {
  const answered = new Set<Ask>();
  for (const { answers, sightings } of steps.values()) {
    for (const asks of answers?.values() ?? []) for (const ask of asks) answered.add(ask);
    for (const { asks } of sightings) for (const ask of asks.values()) answered.add(ask);
  }
  const useful = new Map<FetchStep, FetchStep>();
  for (const [step, { asks, answers, sightings }] of steps) {
    const wanted = asks && [...asks.values()].some((ask) => answered.has(ask)) ? asks : undefined;
    const given = answers && [...answers.values()].some((list) => list.length > 0) ? answers : undefined;
    if (wanted || given || sightings.length > 0) useful.set(step, { ...step, asks: wanted, answers: given, sightings });
  }
  return useful;
}
