import { GraphQLError } from 'graphql';
import { supergraphSchemaOf } from '../graph/supergraph-schema.ts';
import type { Client } from '../identity/client.ts';
import type { Operation } from '../operations/operation.ts';
import { RequestError } from '../operations/request-error.ts';
import type { Variables } from './cost/amounts.ts';
import { CostModel } from './cost/cost-model.ts';
import { type CostOptions, compileCost, type OperationCost } from './cost/operation-cost.ts';
import type { NewDocuments } from './new-documents.ts';
import type { Account } from './rate/account.ts';
import { rateLimited } from './rate/answers.ts';
import type { Decision, RateLimiter } from './rate/rate-limiter.ts';

/** An operation that may run. */
export interface Admitted {
  readonly cost: OperationCost;
  readonly estimated: number;
  /** Undefined where nothing is counted. */
  readonly decision: Decision | undefined;
}

/** What an operation that ran has cost. */
export interface Spent {
  readonly estimated: number;
  readonly actual: number;
  /** What its client has left; undefined where nothing is counted. */
  readonly left: Decision | undefined;
}

/** Points for reading a document that is refused then: finding out costs too. */
const refusal = 10;

/** Lets operations run that are within what one may cost, and within what their client has left. */
export class Admission {
  readonly #options: CostOptions;
  readonly #rates: RateLimiter;
  /** What of this router's own time each client may take. */
  readonly newDocuments: NewDocuments;
  readonly #models = new WeakMap<Operation['graph'], CostModel>();
  readonly #costs = new WeakMap<Operation, OperationCost>();

  constructor(options: CostOptions, rates: RateLimiter, newDocuments: NewDocuments) {
    this.#options = options;
    this.#rates = rates;
    this.newDocuments = newDocuments;
  }

  /** Whose points a request spends; undefined where nothing is counted. */
  accountOf(client: Pick<Client, 'viewer' | 'credentialId'>, address: string): Account | undefined {
    return this.#rates.accountOf(client, address);
  }

  /**
   * Turns away whoever has nothing left, before a document of theirs is read.
   * @throws RequestError RATE_LIMITED, by its promise where other routers have to be asked
   */
  mayAsk(account: Account | undefined): void | Promise<void> {
    if (!account || !this.#rates.isSpent(account)) return;
    const decision = this.#rates.take(account, 1);
    if (decision instanceof Promise) return decision.then(orTurnAway);
    orTurnAway(decision);
  }

  /**
   * Estimates what an operation costs, and takes as many points of its client's.
   * @throws RequestError OPERATION_TOO_COSTLY or RATE_LIMITED, by its promise where other routers have to be asked
   */
  admit(operation: Operation, variables: Variables, account: Account | undefined): Admitted | Promise<Admitted> {
    const { cost, estimated } = this.#estimate(operation, variables, account);
    if (!account) return { cost, estimated, decision: undefined };
    const admitted = (decision: Decision): Admitted => {
      orTurnAway(decision);
      return { cost, estimated, decision };
    };
    const decision = this.#rates.take(account, estimated);
    return decision instanceof Promise ? decision.then(admitted) : admitted(decision);
  }

  /** Gives back what the operation did not cost, or takes what it cost beyond. */
  settle({ cost, estimated, decision }: Admitted, data: unknown, variables: Variables): Spent {
    const actual = cost.actual(data, variables);
    return { estimated, actual, left: decision && this.#rates.settle(decision, actual) };
  }

  /** Gives back what was taken for an operation that was not run after all. */
  release({ decision }: Admitted): void {
    if (decision) this.#rates.settle(decision, 0);
  }

  /** Takes points for a request that was refused for what it asked; those turned away for their rate owe nothing more. */
  refused(account: Account, { errors }: RequestError): Decision | undefined {
    const isTurnedAway = errors.some(({ extensions }) => extensions.code === 'RATE_LIMITED');
    return isTurnedAway ? undefined : this.#rates.charge(account, refusal);
  }

  #estimate(
    operation: Operation,
    variables: Variables,
    account: Account | undefined,
  ): { cost: OperationCost; estimated: number } {
    try {
      const cost = this.#costs.get(operation) ?? this.newDocuments.timed(account, () => this.#compile(operation));
      return { cost, estimated: cost.estimate(variables) };
    } catch (error) {
      throw error instanceof GraphQLError ? new RequestError([error]) : error;
    }
  }

  #compile(operation: Operation): OperationCost {
    let model = this.#models.get(operation.graph);
    if (!model) {
      model = new CostModel(supergraphSchemaOf(operation.graph));
      this.#models.set(operation.graph, model);
    }
    const cost = compileCost(model, operation.document, operation.definition, this.#options);
    this.#costs.set(operation, cost);
    return cost;
  }
}

function orTurnAway(decision: Decision): void {
  if (!decision.allowed) throw new RequestError([rateLimited(decision)]);
}
