import { beforeEach, describe, expect, test } from 'vitest';
import { NewDocuments } from '../src/limits/new-documents.ts';
import { type Account, openAccount } from '../src/limits/rate/account.ts';
import { policyOf } from '../src/limits/rate/budgets.ts';
import { RequestError } from '../src/operations/request-error.ts';

let now = 0;
let clients = 0;
const client = (): Account => {
  clients += 1;
  return openAccount(`guest:${clients}`, policyOf('guest', { points: 10, seconds: 1 }), 0);
};
/** Ten milliseconds come back in a second. */
const budget = { milliseconds: 100, seconds: 10 };

let documents: NewDocuments;
let ada: Account;
let bob: Account;
beforeEach(() => {
  documents = new NewDocuments(budget, () => now);
  [ada, bob] = [client(), client()];
});

const retryAfter = (account: Account): unknown => {
  try {
    documents.check(account);
    return 0;
  } catch (error) {
    expect(error).toBeInstanceOf(RequestError);
    const [told] = (error as RequestError).errors;
    expect(told?.extensions).toMatchObject({ code: 'RATE_LIMITED', http: { status: 429 } });
    return told?.extensions.retryAfter;
  }
};

describe('time for what is new', () => {
  test('is taken, refused when it is spent, and comes back evenly', () => {
    expect(documents.timed(ada, () => (now += 100))).toBe(now);
    expect(retryAfter(ada)).toBe(0);
    documents.took(ada, 25);
    expect(retryAfter(ada)).toBe(3);
    now += 2_500;
    expect(retryAfter(ada)).toBe(0);
  });

  test('is counted of what fails, too', () => {
    const fail = () => {
      now += 150;
      throw new Error('No document.');
    };
    expect(() => documents.timed(ada, fail)).toThrow('No document.');
    expect(retryAfter(ada)).toBe(5);
  });

  test('is each client’s own, and no more is owed than twice of it', () => {
    documents.took(ada, 1_000_000);
    expect([retryAfter(ada), retryAfter(bob)]).toEqual([10, 0]);
  });

  test('is not counted of what is known, of those who are not counted, nor where nobody is', () => {
    for (let time = 0; time < 1_000; time += 1) documents.took(ada, 0.9);
    expect(retryAfter(ada)).toBe(0);
    expect(documents.timed(undefined, () => 7)).toBe(7);
    documents = new NewDocuments(null, () => now);
    documents.took(ada, 1_000_000);
    expect(retryAfter(ada)).toBe(0);
  });
});

describe('plans of one client', () => {
  /** A plan that ends when it is told to. */
  function plan(of: Account, milliseconds = 0) {
    const state = { begun: false, end: () => {}, fail: (_error: Error) => {} };
    const promise = new Promise<string>((resolve, reject) => {
      Object.assign(state, { end: () => resolve('planned'), fail: reject });
    });
    const planned = documents.inTurn(of, async () => {
      state.begun = true;
      const made = await promise;
      documents.took(of, milliseconds);
      return made;
    });
    return Object.assign(state, { planned });
  }

  test('are made one after the other, and others’ do not wait for them', async () => {
    const [first, second, other] = [plan(ada), plan(ada), plan(bob)];
    other.end();
    expect(await other.planned).toBe('planned');
    expect([first.begun, second.begun]).toEqual([true, false]);
    first.fail(new Error('Too costly.'));
    await expect(first.planned).rejects.toThrow('Too costly.');
    second.end();
    expect(await second.planned).toBe('planned');
  });

  test('are refused where those before them have spent the client’s time', async () => {
    const costly = plan(ada, 150);
    const waiting = [plan(ada), plan(ada)];
    costly.end();
    expect(await costly.planned).toBe('planned');
    for (const { planned } of waiting) await expect(planned).rejects.toThrow('Ask again in 5 s');
    expect(waiting.map(({ begun }) => begun)).toEqual([false, false]);
    now += 5_000;
    const again = plan(ada);
    again.end();
    expect(await again.planned).toBe('planned');
  });
});
