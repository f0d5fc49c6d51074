import type { Policy } from './budgets.ts';

/**
 * What a client has spent and not got back yet, as this process knows it: a bucket that leaks. `level` was so at `at`;
 * `unshared` of it the other routers have not been told of.
 */
export interface Account {
  readonly key: string;
  readonly policy: Policy;
  level: number;
  /** Milliseconds, of any steady clock. */
  at: number;
  unshared: number;
  /** Spent, and told to the others, who have not answered yet. */
  told: number;
  /** Points that wait for the others' answer. */
  asked: number;
  /** Who waits for the next question to the others. */
  waiting: Asker[];
  /** Whether a question to them is under way: one at a time for each client, however many requests it has. */
  asking: boolean;
  /** When the other routers' spending was last heard of. */
  heardAt: number;
}

/** A request whose points the others are asked for. */
export interface Asker {
  readonly points: number;
  /** Nobody waits for the answer any more: it was decided here. */
  late: boolean;
  /** Undefined without an answer. */
  answer(taken: boolean | undefined): void;
}

export const openAccount = (key: string, policy: Policy, now: number): Account => ({
  key,
  policy,
  level: 0,
  at: now,
  unshared: 0,
  told: 0,
  asked: 0,
  waiting: [],
  asking: false,
  heardAt: Number.NEGATIVE_INFINITY,
});

/** Gives back what time gives back, which the others need not hear of any more. */
export function settleTo(account: Account, now: number): void {
  account.level = Math.max(0, account.level - Math.max(0, now - account.at) * account.policy.rate);
  account.unshared = Math.min(account.unshared, account.level);
  account.at = now;
}

/** What costs more than a whole budget waits for a whole budget, and then owes the rest. */
export const fits = ({ level, policy }: Account, points: number): boolean =>
  level === 0 || level + points <= policy.points;

/** Takes points, or gives back a negative number of them. Nobody owes more than a budget beside their own. */
export function spend(account: Account, points: number): void {
  const before = account.level;
  account.level = Math.max(0, Math.min(before + points, Math.max(before, 2 * account.policy.points)));
  account.unshared += account.level - before;
}

/** Milliseconds until so many points fit. */
export function waitFor({ level, policy }: Account, points: number): number {
  const over = level + Math.min(points, policy.points) - policy.points;
  return Math.max(0, over) / policy.rate;
}
