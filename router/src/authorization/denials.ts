import { forbidden, unauthenticated, type Viewer } from '@mercato/auth';
import { GraphQLError } from 'graphql';
import type { Condition, Demand } from './demands.ts';
import { lacking, type Rule } from './rule.ts';

/** Values of the variables that `@skip` and `@include` go by, with their defaults. */
export type ConditionValues = Readonly<Record<string, unknown>>;

/** More are of no use to anyone; a fragment may stand at very many places. */
const mostErrors = 100;

/** Where in one operation, with one request's variables, a viewer is denied something. */
export class Denials {
  readonly #demands: readonly Demand[];
  readonly #denied: ReadonlySet<Rule>;
  readonly #conditions: ConditionValues;
  /** Of demands that stand at several places: whether anything in them is denied. */
  readonly #anyIn = new Map<readonly Demand[], boolean>();

  constructor(demands: readonly Demand[], denied: ReadonlySet<Rule>, conditions: ConditionValues) {
    this.#demands = demands;
    this.#denied = denied;
    this.#conditions = conditions;
  }

  any(): boolean {
    return this.#any(this.#demands);
  }

  /** Whether a field of the root type is denied. */
  anyAtRoot(demands: readonly Demand[] = this.#demands, seen = new Set<readonly Demand[]>()): boolean {
    if (seen.has(demands)) return false;
    seen.add(demands);
    return demands.some(
      (demand) =>
        this.#isThere(demand) &&
        (demand.name === undefined ? this.anyAtRoot(demand.below, seen) : this.#isDenied(demand)),
    );
  }

  /**
   * An error for each denied place of the answer, a hundred at most. Paths hold the names in the answer, and `@` for
   * each list on the way: how many entries there are is not known before.
   */
  errors(viewer: Viewer): GraphQLError[] {
    const errors = new Map<string, GraphQLError>();
    const path: string[] = [];
    const visit = (demands: readonly Demand[]) => {
      for (const demand of demands) {
        if (errors.size >= mostErrors) return;
        if (!this.#isThere(demand) || !this.#anyOf(demand)) continue;
        const before = path.length;
        if (demand.name !== undefined) path.push(demand.name);
        if (this.#isDenied(demand)) {
          const key = path.join('.');
          if (!errors.has(key)) errors.set(key, this.#errorFor(demand, viewer, [...path]));
        } else {
          for (let list = 0; list < demand.lists; list += 1) path.push('@');
          visit(demand.below);
        }
        path.length = before;
      }
    };
    visit(this.#demands);
    return [...errors.values()];
  }

  #errorFor({ rules }: Demand, viewer: Viewer, path: string[]): GraphQLError {
    const denied = rules.filter((rule) => this.#denied.has(rule));
    const { message, extensions } =
      viewer.kind === 'guest' ? unauthenticated() : forbidden(denied.map(lacking).join(' '));
    return new GraphQLError(message, { path, extensions });
  }

  #any(demands: readonly Demand[]): boolean {
    let any = this.#anyIn.get(demands);
    if (any === undefined) {
      any = demands.some((demand) => this.#isThere(demand) && this.#anyOf(demand));
      this.#anyIn.set(demands, any);
    }
    return any;
  }

  readonly #anyOf = (demand: Demand): boolean => this.#isDenied(demand) || this.#any(demand.below);

  readonly #isDenied = ({ rules }: Demand): boolean => rules.some((rule) => this.#denied.has(rule));

  readonly #isThere = ({ conditions }: Demand): boolean =>
    conditions.every(({ variable, value }: Condition) => (this.#conditions[variable] === true) === value);
}
