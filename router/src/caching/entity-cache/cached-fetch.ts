import type { GraphQLFormattedError } from 'graphql';
import type { RouterContext } from '../../context.ts';
import { copyOf, type Data, isObject } from '../../execution/data.ts';
import type { FetchOutcome, FetchRequest, FetchSubgraph } from '../../execution/subgraph-fetch.ts';
import { type EntityCache, tagsOfAnswer } from './entity-cache.ts';
import { type Entry, ownCopyOf } from './entries.ts';
import { noteEnd } from './fresh-until.ts';
import { OwnWrites, scopeOf } from './own-writes.ts';
import type { Leave } from './stamps.ts';
import type { StepPolicy } from './step-policy.ts';

/** Asks subgraphs only for what is not kept. */
export function cachedFetch(fetch: FetchSubgraph, cache: EntityCache): FetchSubgraph {
  const writes = new OwnWrites();
  return (request, context) => {
    const { step } = request;
    if (step.isMutation) return writing(request, context, fetch, writes);
    // What follows a mutation within its operation shows what it did.
    const policy = request.mayShare ? cache.policyOf(step) : undefined;
    if (!policy) return fetch(request, context);
    const read = new CachedRead({ request, context, policy, cache, fetch, after: writes.last(context, step.subgraph) });
    return request.entities === undefined ? read.root() : read.entities();
  };
}

async function writing(
  request: FetchRequest,
  context: RouterContext,
  fetch: FetchSubgraph,
  writes: OwnWrites,
): Promise<FetchOutcome> {
  try {
    return await fetch(request, context);
  } finally {
    // Whatever came of it: who changed something reads what it is now, before others are told.
    writes.note(context, request.step.subgraph);
  }
}

const none: FetchOutcome['errors'] = [];

interface ReadParts {
  readonly request: FetchRequest;
  readonly context: RouterContext;
  readonly policy: StepPolicy;
  readonly cache: EntityCache;
  readonly fetch: FetchSubgraph;
  /** What left before is older than what the client itself did. */
  readonly after: number | undefined;
}

/** One step's reading: what is kept of it, and the rest from its subgraph. */
class CachedRead {
  readonly #parts: ReadParts;
  /** What all of its keys begin with. */
  readonly #head: string;
  readonly #variables: string;

  constructor(parts: ReadParts) {
    this.#parts = parts;
    const { request, context, policy } = parts;
    this.#variables = variablesText(request.variables);
    const forwarded = forwardedText(context.forwarded);
    this.#head = `${policy.id} ${scopeOf(context.viewer)} ${forwarded} {${this.#variables}} `;
  }

  async root(): Promise<FetchOutcome> {
    const { request, context, policy, cache, fetch } = this.#parts;
    const [kept] = await this.#find([this.#head]);
    if (kept) return { data: ownCopyOf(kept), errors: none, failed: false };
    const left = cache.leave();
    const outcome = await fetch(request, context);
    if (!outcome.failed && outcome.errors.length === 0 && outcome.data) {
      const value = copyOf(outcome.data);
      cache.store(this.#head, value, tagsOfAnswer(request.step.subgraph, policy, value, undefined), policy, left);
    }
    return outcome;
  }

  async entities(): Promise<FetchOutcome> {
    const { request, context, cache, fetch } = this.#parts;
    const representations = representationsIn(request);
    const keys = representations.map((representation) => this.#head + JSON.stringify(representation));
    const kept = await this.#find(keys);
    const missing = keys.flatMap((_, index) => (kept[index] ? [] : [index]));
    if (missing.length === 0) {
      return { data: { _entities: kept.map((entry) => entry && ownCopyOf(entry)) }, errors: none, failed: false };
    }
    const left = cache.leave();
    const asked = missing.length === keys.length ? request : this.#only(missing, representations);
    const outcome = await fetch(asked, context);
    this.#keep(outcome, { missing, keys, representations, left });
    return asked === request ? outcome : together(outcome, kept, missing);
  }

  async #find(keys: readonly string[]): Promise<(Entry | undefined)[]> {
    const { cache, after, context, policy } = this.#parts;
    const found = keys.map((key) => cache.find(key, after));
    const missing = keys.flatMap((_, index) => (found[index] ? [] : [index]));
    let sharedHits = 0;
    // Who changed something reads what left from here.
    if (missing.length > 0 && after === undefined && cache.isShared) {
      const wanted = missing.map((index) => keys[index] ?? '');
      const shared = await cache.findShared(wanted, policy);
      missing.forEach((index, number) => {
        found[index] = shared[number];
        if (shared[number]) sharedHits += 1;
      });
    }
    const misses = missing.length - sharedHits;
    if (misses < keys.length) noteEnd(context, Math.min(...found.map((entry) => entry?.expiresAt ?? Infinity)));
    cache.counted({ hits: keys.length - misses, sharedHits, misses });
    return found;
  }

  #only(wanted: readonly number[], all: readonly Data[]): FetchRequest {
    const { request } = this.#parts;
    const representations = wanted.flatMap((index) => all[index] ?? []);
    const { bodyHead } = request.step;
    const before = this.#variables === '' ? '' : `${this.#variables},`;
    return {
      ...request,
      variables: { ...request.variables, representations },
      body: `${bodyHead}${before}"representations":${JSON.stringify(representations)}}}`,
      entities: wanted.length,
    };
  }

  /** What came without an error; of an error that belongs to no entity it is not known which it spoilt. */
  #keep(
    { data, errors, failed }: FetchOutcome,
    asked: { missing: readonly number[]; keys: readonly string[]; representations: readonly Data[]; left: Leave },
  ): void {
    const { request, policy, cache } = this.#parts;
    const entities = data?._entities;
    if (failed || !Array.isArray(entities) || errors.some((error) => entityOf(error) === undefined)) return;
    const spoilt = new Set(errors.map(entityOf));
    asked.missing.forEach((index, place) => {
      const entity: unknown = entities[place];
      const key = asked.keys[index];
      const representation = asked.representations[index];
      if (key === undefined || !representation || spoilt.has(place)) return;
      if (entity !== null && !isObject(entity)) return;
      const value = copyOf(entity);
      const tags = tagsOfAnswer(request.step.subgraph, policy, value, representation);
      cache.store(key, value, tags, policy, asked.left);
    });
  }
}

const representationsIn = ({ variables }: FetchRequest): Data[] =>
  Array.isArray(variables.representations) ? variables.representations : [];

/** Within the braces of its JSON, as it was sent. */
function variablesText(variables: Readonly<Data>): string {
  let text = '';
  for (const name in variables) {
    if (name !== 'representations') text += `${text === '' ? '' : ','}"${name}":${JSON.stringify(variables[name])}`;
  }
  return text;
}

function forwardedText(forwarded: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in forwarded) text += `${name}:${JSON.stringify(forwarded[name])},`;
  return text;
}

const entityOf = ({ path }: GraphQLFormattedError): number | undefined => {
  const index = path?.[1];
  return path?.[0] === '_entities' && typeof index === 'number' ? index : undefined;
};

/** What was kept and what came, in the order that was asked for; errors at the places of those that they are of. */
function together(
  { data, errors, failed }: FetchOutcome,
  kept: readonly (Entry | undefined)[],
  missing: readonly number[],
): FetchOutcome {
  const came = data?._entities;
  let next = 0;
  const entities = kept.map((entry) => {
    if (entry) return ownCopyOf(entry);
    const entity: unknown = Array.isArray(came) ? came[next] : null;
    next += 1;
    return entity ?? null;
  });
  return {
    data: { ...data, _entities: entities },
    errors: errors.map((error) => {
      const index = entityOf(error);
      const place = index === undefined ? undefined : missing[index];
      return place === undefined ? error : { ...error, path: ['_entities', place, ...(error.path ?? []).slice(2)] };
    }),
    // There is an answer: what failed is told of those that it is missing of.
    failed: failed && missing.length === kept.length,
  };
}
