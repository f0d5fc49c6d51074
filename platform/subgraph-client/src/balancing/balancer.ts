import type { Instance } from '../instances.ts';
import { BalancedInstance } from './balanced-instance.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { RetryBudget } from './retry-budget.ts';
import type { BalancingSettings } from './settings.ts';
import type { SubgraphSnapshot } from './snapshot.ts';

/** Beyond so many instances two at random are compared instead of all. */
const comparedAtMost = 8;

/** Spreads the calls of one subgraph over its instances. */
export class Balancer {
  readonly subgraph: string;
  readonly settings: BalancingSettings;
  readonly breaker: CircuitBreaker;
  calls = 0;
  failures = 0;
  refused = 0;
  retries = 0;
  retriesWithheld = 0;
  readonly #connections: number;
  readonly #budget: RetryBudget;
  #listed: readonly Instance[] = [];
  #instances: BalancedInstance[] = [];
  /** Those to choose from: all that are well; when none is, all there are. */
  #eligible: readonly BalancedInstance[] = [];
  readonly #recount = () => this.#choose();

  constructor(subgraph: string, settings: BalancingSettings, connections: number) {
    this.subgraph = subgraph;
    this.settings = settings;
    this.#connections = connections;
    this.breaker = new CircuitBreaker(settings.breaker);
    this.#budget = new RetryBudget(settings.retries);
  }

  /** Takes over what its source lists now. Asked at each call: nearly always the list is the one it has. */
  follow(listed: readonly Instance[]): void {
    if (listed !== this.#listed) this.#update(listed);
  }

  called(): void {
    this.calls += 1;
    this.#budget.called();
  }

  /** The instance with the fewest calls in flight, any of several. */
  pick(): BalancedInstance | undefined {
    const eligible = this.#eligible;
    if (eligible.length < 2) return eligible[0];
    if (eligible.length > comparedAtMost) return this.#lesserOfTwo();
    let least: BalancedInstance | undefined;
    let ties = 1;
    for (const instance of eligible) {
      if (!least || instance.inFlight < least.inFlight) {
        least = instance;
        ties = 1;
      } else if (instance.inFlight === least.inFlight) {
        ties += 1;
        if (Math.random() * ties < 1) least = instance;
      }
    }
    return least;
  }

  /** Whether there is more than one, ejected ones included: who was asked may be ejected since, another may be back. */
  get hasOthers(): boolean {
    return this.#instances.length > 1;
  }

  /** One that a call has not tried, of those to choose from. */
  pickWell(tried: readonly BalancedInstance[]): BalancedInstance | undefined {
    return leastOf(this.#eligible, tried);
  }

  /** One that a call has not tried, even if it is ejected: the call has nothing to lose. */
  pickOther(tried: readonly BalancedInstance[]): BalancedInstance | undefined {
    return leastOf(this.#eligible, tried) ?? leastOf(this.#instances, tried);
  }

  mayRetry(now: number): boolean {
    if (this.#budget.take(this.breaker.recentCalls(now), now)) {
      this.retries += 1;
      return true;
    }
    this.retriesWithheld += 1;
    return false;
  }

  instanceFailed(instance: BalancedInstance, refused: boolean, now: number): void {
    instance.failed(refused, this.#instances.length > 1, now);
  }

  /** Whether no instance answered its last call. */
  isHopeless(): boolean {
    return this.#instances.every((instance) => instance.isFailing);
  }

  async destroy(): Promise<void> {
    await Promise.all(this.#instances.splice(0).map((instance) => instance.destroy()));
    this.#eligible = [];
  }

  snapshot(): SubgraphSnapshot {
    const { calls, failures, refused, retries, retriesWithheld, breaker } = this;
    return {
      breaker: breaker.state,
      breakerOpenings: breaker.openings,
      calls,
      failures,
      refused,
      retries,
      retriesWithheld,
      instances: this.#instances.map((instance) => instance.snapshot()),
    };
  }

  #lesserOfTwo(): BalancedInstance | undefined {
    const { length } = this.#eligible;
    const first = Math.floor(Math.random() * length);
    const second = (first + 1 + Math.floor(Math.random() * (length - 1))) % length;
    const one = this.#eligible[first];
    const other = this.#eligible[second];
    return one && other && other.inFlight < one.inFlight ? other : one;
  }

  #update(listed: readonly Instance[]): void {
    const known = new Map(this.#instances.map((instance) => [instance.id, instance]));
    this.#listed = listed;
    this.#instances = listed.map((described) => {
      const instance = known.get(described.id);
      if (!instance || instance.address.href !== new URL(described.url).href) {
        this.breaker.hopeAgain();
        return this.#welcome(described);
      }
      known.delete(described.id);
      instance.describe(described);
      return instance;
    });
    for (const gone of known.values()) void gone.leave();
    this.#choose();
  }

  #welcome(described: Instance): BalancedInstance {
    return new BalancedInstance(
      described,
      { connections: this.#connections, ejection: this.settings.ejection },
      this.#recount,
    );
  }

  #choose(): void {
    const staying = this.#instances.filter((instance) => !instance.isDraining);
    const well = staying.filter((instance) => !instance.isEjected);
    this.#eligible = [well, staying, this.#instances].find((group) => group.length > 0) ?? [];
  }
}

function leastOf(
  instances: readonly BalancedInstance[],
  except: readonly BalancedInstance[],
): BalancedInstance | undefined {
  let least: BalancedInstance | undefined;
  for (const instance of instances) {
    if (!except.includes(instance) && (!least || instance.inFlight < least.inFlight)) least = instance;
  }
  return least;
}
