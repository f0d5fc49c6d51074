import { type DocumentNode, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { tooCostly } from '../refusals.ts';
import { actualCost } from './actual.ts';
import { amountOf, type Variables } from './amounts.ts';
import { CostCompiler } from './cost-compiler.ts';
import type { CostModel } from './cost-model.ts';

export interface CostOptions {
  /** The most that one operation may be estimated at. */
  readonly maximumCost: number;
  /** Items of a list of which the schema says nothing. */
  readonly defaultListSize: number;
  /** Asking for the schema once: its lists are the router's own, whatever is selected of them. */
  readonly introspectionCost: number;
  /** False counts costs without refusing any. */
  readonly enforceCost: boolean;
}

export const defaultCostOptions: CostOptions = {
  maximumCost: 30_000,
  defaultListSize: 10,
  introspectionCost: 50,
  enforceCost: true,
};

/** What one operation of a document costs. */
export interface OperationCost {
  /** The same whatever the variables; undefined where they matter. */
  readonly fixed: number | undefined;
  /**
   * What it may cost at most, as far as the schema tells, before it runs.
   * @param variables as the client sent them, or coerced
   * @throws GraphQLError OPERATION_TOO_COSTLY (400) above the maximum, and without a slicing argument the schema wants
   */
  estimate(variables: Variables): number;
  /** What it cost, by the objects in its answer. */
  actual(data: unknown, variables: Variables): number;
}

/**
 * Compiles what an operation costs, once for a document that is valid and within its limits. By IBM's GraphQL Cost
 * Directives (https://ibm.github.io/graphql-specs/cost-spec.html) as Apollo Router weighs them: a mutation 10, each
 * object 1, each leaf 0, a list as many as it may have items, arguments and input objects by their weights. Of the
 * types that a value may have, the dearest counts.
 */
export function compileCost(
  model: CostModel,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  options: CostOptions = defaultCostOptions,
): OperationCost {
  const root = model.schema.getRootType(operation.operation);
  if (!root) throw new TypeError(`The schema has no ${operation.operation}.`);
  const compiler = new CostCompiler(model, document, operation, options);
  const base = operation.operation === OperationTypeNode.MUTATION ? 10 : 0;
  const { amount, fields } = compiler.compile([{ set: operation.selectionSet, condition: true }], root, []);
  const estimate = (variables: Variables): number => {
    const cost = base + amountOf(amount, variables);
    if (cost > options.maximumCost && options.enforceCost) throw costsTooMuch(cost, options.maximumCost);
    return cost;
  };
  return {
    fixed: typeof amount === 'number' ? base + amount : undefined,
    estimate,
    actual: (data, variables) => base + actualCost(fields, data, variables),
  };
}

function costsTooMuch(cost: number, maximum: number) {
  // JSON has no number that large.
  const estimated = Math.min(cost, Number.MAX_SAFE_INTEGER);
  return tooCostly(
    `The operation may cost ${estimated} points; at most ${maximum} may be asked for at once. Ask for shorter lists, or fewer lists within lists.`,
    { estimatedCost: estimated, maximumCost: maximum },
  );
}
