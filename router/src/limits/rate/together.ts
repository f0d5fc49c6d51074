import { type Account, type Asker, settleTo } from './account.ts';
import type { SharedAccounts } from './shared-accounts.ts';

/** Milliseconds after which the others hear of what was spent. */
const sharedWithin = 250;
/** Milliseconds that Redis is let alone after nobody had an answer. */
const letAlone = 1_000;
/** Requests that one question to the others asks for. */
const atOnce = 1_000;

interface Settings {
  /** Milliseconds that a request waits for the others. */
  readonly patience: number;
  readonly now: () => number;
}

/** Counts with other routers: tells them what was spent here, and asks them where little is left. */
export class Together {
  readonly #shared: SharedAccounts;
  readonly #settings: Settings;
  #unshared = new Set<Account>();
  #sharing: NodeJS.Timeout | undefined;
  #aloneUntil = 0;

  constructor(shared: SharedAccounts, settings: Settings) {
    this.#shared = shared;
    this.#settings = settings;
  }

  isUsable(now: number): boolean {
    return this.#shared.usable && now >= this.#aloneUntil;
  }

  /** Whether the points were taken; undefined where nobody said so in time. */
  async ask(account: Account, points: number): Promise<boolean | undefined> {
    const taken = await new Promise<boolean | undefined>((resolve) => {
      const asker = { points, late: false, answer: resolve };
      account.asked += points;
      account.waiting.push(asker);
      setTimeout(giveUp, this.#settings.patience, asker);
      if (!account.asking) this.#askFor(account);
    });
    if (taken === undefined) this.#aloneUntil = this.#settings.now() + letAlone;
    return taken;
  }

  /** Lets the others know, together with what else is spent until then. */
  share(account: Account): void {
    this.#unshared.add(account);
    this.#sharing ??= setTimeout(() => this.#shareAll(), sharedWithin).unref();
  }

  /** Tells them what they have not heard of yet. */
  close(): void {
    clearTimeout(this.#sharing);
    this.#shareAll();
  }

  /** Asks for all who wait; whoever comes while the question is under way waits for the next. */
  #askFor(account: Account): void {
    const askers = account.waiting.splice(0, atOnce);
    account.asking = true;
    const spent = tell(account, this.#settings.now());
    const points = askers.map((asker) => (asker.late ? 0 : asker.points));
    this.#shared
      .spend(account.key, account.policy, spent, points)
      .then(
        ({ taken, level }) => {
          askers.forEach((asker, n) => {
            // Decided here in the meantime: what was taken for it is taken twice.
            if (asker.late && taken[n]) account.unshared -= points[n] ?? 0;
            asker.answer(taken[n]);
          });
          this.#hear(account, spent, level);
        },
        () => {
          takeBack(account, spent);
          for (const asker of askers) asker.answer(undefined);
        },
      )
      .finally(() => {
        for (const asker of askers) account.asked -= asker.points;
        account.asking = false;
        if (account.waiting.length > 0) this.#askFor(account);
      });
  }

  #hear(account: Account, spent: number, level: number): void {
    account.told -= spent;
    // Answers come in the order of the questions: what was told later is not in this one.
    account.level = Math.max(0, level + account.unshared + account.told);
    account.at = this.#settings.now();
    account.heardAt = account.at;
  }

  #shareAll(): void {
    this.#sharing = undefined;
    // What cannot be told now is told with what is spent next.
    if (!this.#shared.usable) return;
    const accounts = this.#unshared;
    this.#unshared = new Set();
    for (const account of accounts) {
      const spent = tell(account, this.#settings.now());
      if (spent === 0) continue;
      this.#shared.spend(account.key, account.policy, spent, []).then(
        ({ level }) => this.#hear(account, spent, level),
        () => takeBack(account, spent),
      );
    }
  }
}

function tell(account: Account, now: number): number {
  settleTo(account, now);
  const spent = account.unshared;
  account.told += spent;
  account.unshared = 0;
  return spent;
}

/** What the others could not be told. */
function takeBack(account: Account, spent: number): void {
  account.told -= spent;
  account.unshared += spent;
}

/** An answer that has come in the meantime, while this process was busy, is read first. */
function giveUp(asker: Asker): void {
  setImmediate(() => {
    asker.late = true;
    asker.answer(undefined);
  });
}
