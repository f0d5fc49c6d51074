import { setImmediate as othersTurn } from 'node:timers/promises';
import { RequestError } from '../operations/request-error.ts';
import type { Account } from './rate/account.ts';
import { tooMuchNew } from './rate/answers.ts';

/** Milliseconds of a router's own time: so many at once, and again as they come back, evenly, over so many seconds. */
export interface WorkBudget {
  readonly milliseconds: number;
  readonly seconds: number;
}

/** The fifty documents of a storefront take a second or two, once. */
export const defaultWork: WorkBudget = { milliseconds: 5_000, seconds: 50 };

/** What is known takes less, and is not counted. */
const countedMs = 1;

interface Worked {
  /** Milliseconds that had not come back yet at `at`. */
  level: number;
  at: number;
  /** Resolves when nothing of the client's is being read or planned. */
  turn: Promise<unknown>;
}

/**
 * Holds each client to a part of this router's time for reading and planning what nobody has asked before. Points do not:
 * they tell what answering costs, and a document that costs next to nothing to answer can take seconds to plan. What is
 * known is answered all the same.
 */
export class NewDocuments {
  readonly #budget: WorkBudget | null;
  readonly #now: () => number;
  readonly #clients = new WeakMap<Account, Worked>();

  /** @param budget of each client; null for as much as they like */
  constructor(budget: WorkBudget | null = defaultWork, now: () => number = () => performance.now()) {
    this.#budget = budget;
    this.#now = now;
  }

  /** @throws RequestError RATE_LIMITED where nothing new of this client's is read or planned now */
  check(account: Account | undefined): void {
    const over = this.#over(account);
    if (over > 0 && this.#budget) throw new RequestError([tooMuchNew(Math.ceil(over / rateOf(this.#budget) / 1_000))]);
  }

  /** Does the client's work at once, and counts how long that takes. */
  timed<T>(account: Account | undefined, work: () => T): T {
    if (!account) return work();
    const startedAt = this.#now();
    try {
      return work();
    } finally {
      this.took(account, this.#now() - startedAt);
    }
  }

  took(account: Account, milliseconds: number): void {
    if (!this.#budget || milliseconds < countedMs) return;
    const worked = this.#of(account);
    // Nobody owes more than a budget beside their own.
    worked.level = Math.min(this.#settle(worked, this.#budget) + milliseconds, 2 * this.#budget.milliseconds);
  }

  /**
   * Reads or plans for a client as soon as what is being done for it already has ended, and whoever else asks has had a
   * turn: many costly documents of one client wait for each other, and others for one of them.
   * @throws RequestError RATE_LIMITED, by its promise, where the client's time was spent meanwhile
   */
  inTurn<T>(account: Account, work: () => T | Promise<T>): Promise<T> {
    const worked = this.#of(account);
    const done = worked.turn.then(async () => {
      await othersTurn();
      this.check(account);
      return work();
    });
    worked.turn = done.catch(() => undefined);
    return done;
  }

  #over(account: Account | undefined): number {
    const worked = account && this.#clients.get(account);
    return worked && this.#budget ? this.#settle(worked, this.#budget) - this.#budget.milliseconds : 0;
  }

  #settle(worked: Worked, budget: WorkBudget): number {
    const now = this.#now();
    worked.level = Math.max(0, worked.level - (now - worked.at) * rateOf(budget));
    worked.at = now;
    return worked.level;
  }

  #of(account: Account): Worked {
    let worked = this.#clients.get(account);
    if (!worked) {
      worked = { level: 0, at: this.#now(), turn: Promise.resolve() };
      this.#clients.set(account, worked);
    }
    return worked;
  }
}

/** Milliseconds that come back in a millisecond. */
const rateOf = ({ milliseconds, seconds }: WorkBudget): number => milliseconds / (seconds * 1_000);
