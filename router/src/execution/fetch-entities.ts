import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLFormattedError } from 'graphql';
import type { FetchStep } from './compiled-plan.ts';
import { copyOf, type Data, isObject, mergeInto, type Path, pathsOfObjectsAt } from './data.ts';
import { type Execution, variablesFor } from './execute-plan.ts';
import { representationOf } from './representation.ts';
import { applyRewrites } from './rewrites.ts';
import type { Place } from './shared-entities.ts';
import type { FetchOutcome } from './subgraph-fetch.ts';

/** An entity that is asked about once, and the objects in the data that it completes, by their number. */
interface Wanted {
  readonly representation: Data;
  readonly text: string;
  readonly targets: number[];
}

/** Completes the objects with what the subgraph knows of them. Each entity is asked about once, however often it shows. */
export async function fetchEntities(
  step: FetchStep,
  requires: readonly QueryPlanSelectionNode[],
  targets: readonly Data[],
  execution: Execution,
): Promise<void> {
  const wanted = distinct(step, requires, targets, execution);
  if (wanted.length === 0) return;
  // After a mutation within one operation nothing is known any more: only a query's entities stay as they were.
  const shared = execution.isQuery && step.sharedAs !== undefined;
  const places = shared ? placesOf(step, step.sharedAs, wanted, execution) : call(step, wanted, execution);
  const told = new Set<GraphQLFormattedError>();
  let outcome: FetchOutcome | undefined;
  let of: Promise<FetchOutcome> | undefined;
  for (const [number, want] of wanted.entries()) {
    const place = places[number];
    if (!place) continue;
    if (place.outcome !== of) {
      of = place.outcome;
      outcome = await of;
      if (outcome.errors.length > 0) tellFailure(step, outcome, want, targets, execution, told);
    }
    if (!outcome) continue;
    if (outcome.errors.length > 0) tellErrors(step, outcome, place.index, want, execution);
    const entities = outcome.data?._entities;
    const entity: unknown = Array.isArray(entities) ? entities[place.index] : undefined;
    if (!isObject(entity)) continue;
    complete(entity, want.targets, targets, shared);
  }
}

function distinct(
  step: FetchStep,
  requires: readonly QueryPlanSelectionNode[],
  targets: readonly Data[],
  { types }: Execution,
): Wanted[] {
  const byText = new Map<string, Wanted>();
  for (let number = 0; number < targets.length; number += 1) {
    const target = targets[number];
    const representation = target && representationOf(target, requires, types);
    if (!representation) continue;
    applyRewrites(step.inputRewrites, representation, types);
    const text = JSON.stringify(representation);
    const known = byText.get(text);
    if (known) known.targets.push(number);
    else byText.set(text, { representation, text, targets: [number] });
  }
  return [...byText.values()];
}

/** Asks for those that no other step has asked for. */
function placesOf(
  step: FetchStep,
  sharedAs: string | undefined,
  wanted: readonly Wanted[],
  execution: Execution,
): Place[] {
  const known = execution.sharedEntities.placesOf(sharedAs ?? '');
  const missing = wanted.filter(({ text }) => !known.has(text));
  if (missing.length > 0) {
    const places = call(step, missing, execution);
    missing.forEach(({ text }, number) => {
      const place = places[number];
      if (place) known.set(text, place);
    });
  }
  return wanted.flatMap(({ text }) => known.get(text) ?? []);
}

function call(step: FetchStep, wanted: readonly Wanted[], execution: Execution): Place[] {
  const { variables, text } = variablesFor(step, execution.variables);
  let list = '';
  for (const want of wanted) list += list === '' ? want.text : `,${want.text}`;
  const outcome = execution.fetchSubgraph(
    {
      step,
      variables: { ...variables, representations: wanted.map(({ representation }) => representation) },
      body: `${step.bodyHead}${text === '' ? '' : `${text},`}"representations":[${list}]}}`,
      entities: wanted.length,
      mayShare: execution.isQuery,
    },
    execution.context,
  );
  const rewritten =
    step.outputRewrites.length === 0 ? outcome : outcome.then((given) => rewrite(step, given, execution));
  return wanted.map((_, index) => ({ outcome: rewritten, index }));
}

function rewrite(step: FetchStep, outcome: FetchOutcome, { types }: Execution): FetchOutcome {
  const entities = outcome.data?._entities;
  if (Array.isArray(entities)) {
    for (const entity of entities) if (isObject(entity)) applyRewrites(step.outputRewrites, entity, types);
  }
  return outcome;
}

/** What several objects, or steps, take from one answer they take as copies: each is written into later. */
function complete(entity: Data, numbers: readonly number[], targets: readonly Data[], shared: boolean): void {
  for (let use = numbers.length - 1; use >= 0; use -= 1) {
    const target = targets[numbers[use] ?? -1];
    if (target) mergeInto(target, use > 0 || shared ? copyOf(entity) : entity);
  }
}

/** One error says enough of a call without an answer, and of errors that belong to no entity. */
function tellFailure(
  step: FetchStep,
  { errors, failed }: FetchOutcome,
  { targets: [first = 0] }: Wanted,
  targets: readonly Data[],
  execution: Execution,
  told: Set<GraphQLFormattedError>,
): void {
  for (const error of errors) {
    const { path } = error;
    if (told.has(error) || (!failed && typeof path?.[1] === 'number')) continue;
    told.add(error);
    const here = targets.length > 0 ? (pathsOfObjectsAt(execution.data, step.path)[first] ?? []) : [];
    execution.errors.push({
      ...error,
      path: failed ? [...here, ...(path?.slice(2) ?? [])] : step.path.filter((part) => part !== '@'),
    });
  }
}

/** An error of one entity is an error wherever the entity shows. */
function tellErrors(
  step: FetchStep,
  { errors, failed }: FetchOutcome,
  index: number,
  { targets }: Wanted,
  execution: Execution,
): void {
  if (failed) return;
  let paths: Path[] | undefined;
  for (const error of errors) {
    if (error.path?.[1] !== index) continue;
    paths ??= pathsOfObjectsAt(execution.data, step.path);
    for (const target of targets) {
      execution.errors.push({ ...error, path: [...(paths[target] ?? []), ...error.path.slice(2)] });
    }
  }
}
