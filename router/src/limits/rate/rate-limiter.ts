import type { ViewerKind } from '@mercato/auth';
import { LRUCache } from 'lru-cache';
import type { Client } from '../../identity/client.ts';
import type { WorkBudget } from '../new-documents.ts';
import { type Account, fits, openAccount, settleTo, spend, waitFor } from './account.ts';
import { type Budgets, defaultBudgets, type Policy, policyOf } from './budgets.ts';
import { clientKey, isLoopback } from './client-key.ts';
import type { SharedAccounts } from './shared-accounts.ts';
import { Together } from './together.ts';

export interface RateLimits {
  /** By who asks; those that are not named have the default. */
  readonly budgets: Partial<Budgets>;
  /** Whether requests from this machine are counted: there they are tests, tools and benchmarks. */
  readonly loopback: boolean;
  /** Of each router's time for what it has not been asked before, for each client; null for as much as they like. */
  readonly newDocuments: WorkBudget | null;
}

/** Whether a request may run, and what its client has left. */
export interface Decision {
  readonly allowed: boolean;
  /** Points that were taken for it; none of one that may not run. */
  readonly points: number;
  readonly policy: Policy;
  readonly remaining: number;
  /** Seconds until the whole budget is there again. */
  readonly resetsIn: number;
  /** Seconds until it would have fitted; 0 of one that may run. */
  readonly retryAfter: number;
  readonly account: Account;
}

/** Of what a router sees left it spends this part before it asks the others. */
const onItsOwn = 0.1;
/** Milliseconds for which what the others last said of an account without points is believed. */
const believed = 250;
/** Clients remembered; of one forgotten a whole budget is there again. */
const remembered = 100_000;

interface Settings extends Partial<RateLimits> {
  /** Where several routers count together; each counts for itself without. */
  readonly shared?: SharedAccounts | undefined;
  /** Milliseconds that a request waits for the others; then it is decided here. */
  readonly patience?: number;
  /** Milliseconds, of a steady clock. */
  readonly now?: () => number;
}

/**
 * Holds clients to points in time. Far from a limit this is a look into a map; where little is left, the routers that
 * share a Redis ask it first, for no longer than their patience. Without an answer each counts for itself, and nothing fails.
 */
export class RateLimiter {
  readonly #policies: Readonly<Record<ViewerKind, Policy | null>>;
  readonly #loopback: boolean;
  readonly #together: Together | undefined;
  readonly #now: () => number;
  readonly #accounts = new LRUCache<string, Account>({ max: remembered });

  constructor({ budgets, loopback = false, shared, patience = 50, now = () => performance.now() }: Settings = {}) {
    const all = { ...defaultBudgets, ...budgets };
    const policy = (kind: ViewerKind) => all[kind] && policyOf(kind, all[kind]);
    this.#policies = {
      guest: policy('guest'),
      customer: policy('customer'),
      partner: policy('partner'),
      staff: policy('staff'),
      service: policy('service'),
    };
    this.#loopback = loopback;
    this.#together = shared && new Together(shared, { patience, now });
    this.#now = now;
  }

  /** Whose points a request spends; undefined where nothing is counted. */
  accountOf(client: Pick<Client, 'viewer' | 'credentialId'>, address: string): Account | undefined {
    const policy = this.#policies[client.viewer.kind];
    if (!policy || (!this.#loopback && isLoopback(address))) return undefined;
    const key = clientKey(client, address);
    let account = this.#accounts.get(key);
    if (!account) {
      account = openAccount(key, policy, this.#now());
      this.#accounts.set(key, account);
    }
    return account;
  }

  /** Whether not even the smallest operation fits, as far as is known here. */
  isSpent(account: Account): boolean {
    settleTo(account, this.#now());
    return !fits(account, 1);
  }

  /**
   * Takes points for an operation, at least one.
   * @returns a promise only where the other routers have to be asked
   */
  take(account: Account, points: number): Decision | Promise<Decision> {
    const now = this.#now();
    settleTo(account, now);
    const wanted = Math.max(1, points);
    const together = this.#together;
    if (!together?.isUsable(now)) return this.#decide(account, wanted);
    const fit = fits(account, wanted);
    const { policy, level, unshared, told, asked } = account;
    const left = policy.points - level - asked;
    if (fit && unshared + told + asked + wanted <= left * onItsOwn) return this.#decide(account, wanted);
    // Whoever asks on regardless does not make this router ask Redis each time.
    if (!fit && now - account.heardAt < believed) return this.#decide(account, wanted);
    return together.ask(account, wanted).then((taken) => this.#decidedBy(taken, account, wanted));
  }

  /** Takes points for what was done already, whether they fit or not. */
  charge(account: Account, points: number): Decision {
    settleTo(account, this.#now());
    spend(account, points);
    this.#together?.share(account);
    return decisionOf(account, true, points);
  }

  /** Corrects what was taken for an operation that ran, once it is known what it cost. */
  settle({ account, points }: Decision, actual: number): Decision {
    return this.charge(account, Math.max(1, actual) - points);
  }

  /** Tells the others what they have not heard of yet. */
  close(): void {
    this.#together?.close();
  }

  #decide(account: Account, points: number): Decision {
    const allowed = fits(account, points);
    if (allowed) {
      // No more than it costs: `spend` holds debts to a limit, and this is none.
      account.level += points;
      account.unshared += points;
      this.#together?.share(account);
    }
    return decisionOf(account, allowed, points);
  }

  #decidedBy(taken: boolean | undefined, account: Account, points: number): Decision {
    if (taken !== undefined) return decisionOf(account, taken, points);
    settleTo(account, this.#now());
    return this.#decide(account, points);
  }
}

function decisionOf(account: Account, allowed: boolean, points: number): Decision {
  const { policy, level } = account;
  return {
    allowed,
    points: allowed ? points : 0,
    policy,
    remaining: Math.max(0, Math.floor(policy.points - level)),
    resetsIn: Math.ceil(level / policy.rate / 1_000),
    retryAfter: allowed ? 0 : Math.max(1, Math.ceil(waitFor(account, points) / 1_000)),
    account,
  };
}
