import type { GraphQLFormattedError } from 'graphql';
import type { RouterContext } from '../context.ts';
import type { TypeRelations } from '../graph/type-relations.ts';
import { nestsTooDeep } from '../subgraphs/failures.ts';
import type { FetchStep, Step } from './compiled-plan.ts';
import { copyOf, type Data, mergeInto, objectsAt } from './data.ts';
import { fetchEntities, fetchTogether, noteSightings } from './fetch-entities.ts';
import type { KnownEntities } from './known-entities.ts';
import { applyRewrites } from './rewrites.ts';
import type { FetchSubgraph } from './subgraph-fetch.ts';

/** One run of a plan. */
export interface Execution {
  /** Grows with each step. */
  readonly data: Data;
  readonly errors: GraphQLFormattedError[];
  /** As the client gave them: subgraphs read them as it meant them. */
  readonly variables: Readonly<Data>;
  /** The values of variables that conditions ask for, with defaults. */
  readonly conditions: Readonly<Data>;
  readonly types: TypeRelations;
  readonly fetchSubgraph: FetchSubgraph;
  readonly context: RouterContext;
  readonly isQuery: boolean;
  readonly known: KnownEntities;
}

/** Runs the steps in the order they need; what one subgraph does not give is missing from the data, and told in errors. */
export async function executePlan(step: Step, execution: Execution): Promise<void> {
  switch (step.kind) {
    case 'fetch':
      await followed(step, execution, executeFetch(step, execution));
      return;
    case 'sequence':
      for (const next of step.steps) await executePlan(next, execution);
      return;
    case 'parallel':
      await Promise.all(step.steps.map((next) => executePlan(next, execution)));
      return;
    case 'together': {
      const targetsOf = ({ path }: FetchStep) => objectsAt(execution.data, path);
      await followed(step.whole, execution, fetchTogether(step.whole, step.steps, targetsOf, execution));
      return;
    }
    case 'condition': {
      const chosen = execution.conditions[step.variable] ? step.whenTrue : step.whenFalse;
      if (chosen) await executePlan(chosen, execution);
      return;
    }
  }
}

/** What a subgraph answers may nest further than the stack goes on which it is copied and merged. */
async function followed(
  { subgraph, path }: FetchStep,
  { errors, context }: Execution,
  work: Promise<void>,
): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isOutOfStack(error)) throw error;
    const told = nestsTooDeep(subgraph, plain(path));
    errors.push(told);
    context.calls?.failed(subgraph, [told]);
  }
}

const isOutOfStack = (error: unknown): boolean => error instanceof RangeError && error.message.includes('call stack');

async function executeFetch(step: FetchStep, execution: Execution): Promise<void> {
  const targets = step.path.length === 0 ? [execution.data] : objectsAt(execution.data, step.path);
  if (targets.length === 0) return;
  if (step.requires) await fetchEntities(step, targets, execution);
  else await fetchRoot(step, targets, execution);
}

async function fetchRoot(step: FetchStep, targets: readonly Data[], execution: Execution): Promise<void> {
  const { variables, text } = variablesFor(step, execution.variables);
  const request = {
    step,
    variables,
    body: `${step.bodyHead}${text}}}`,
    entities: undefined,
    mayShare: execution.isQuery,
  };
  const { data, errors } = await execution.fetchSubgraph(request, execution.context);
  for (const error of errors) {
    execution.errors.push(
      step.path.length === 0 ? error : { ...error, path: [...plain(step.path), ...(error.path ?? [])] },
    );
  }
  if (!data) return;
  applyRewrites(step.outputRewrites, data, execution.types);
  noteSightings(step, { data, errors }, execution);
  targets.forEach((target, index) => {
    mergeInto(target, index === 0 && targets.length === 1 ? data : copyOf(data));
  });
}

const plain = (path: readonly string[]): string[] => path.filter((part) => part !== '@');

/** The variables that a step uses, as an object and as what stands within the braces of its JSON. */
export function variablesFor(step: FetchStep, given: Readonly<Data>): { variables: Data; text: string } {
  const variables: Data = {};
  let text = '';
  for (const name of step.variables) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined) continue;
    variables[name] = value;
    text += `${text === '' ? '' : ','}"${name}":${JSON.stringify(value)}`;
  }
  return { variables, text };
}
