import { describe, expect, test } from 'vitest';
import { CircuitBreaker } from '../src/balancing/circuit-breaker.ts';
import { RetryBudget } from '../src/balancing/retry-budget.ts';
import { RollingWindow } from '../src/balancing/rolling-window.ts';

describe('a rolling window', () => {
  test('forgets what is older than it', () => {
    const window = new RollingWindow(1_000);
    window.count(true, 50);
    window.count(false, 450);
    window.count(false, 950);
    expect([window.total(950), window.failures(950)]).toEqual([3, 2]);
    expect([window.total(1_050), window.failures(1_050)]).toEqual([2, 2]);
    expect([window.total(1_450), window.failures(1_450)]).toEqual([1, 1]);
    expect(window.total(9_000)).toBe(0);
  });
});

describe('a circuit breaker', () => {
  const settings = { windowMs: 1_000, minimumCalls: 4, failureRatio: 0.5, firstMs: 100, longestMs: 300 };
  const fail = (breaker: CircuitBreaker, times: number, now: number) => {
    for (let n = 0; n < times; n += 1) breaker.failed('ordinary', true, now);
  };

  test.each([
    { ok: 0, failed: 3, isHopeless: true, state: 'closed', why: 'there are too few calls' },
    { ok: 0, failed: 4, isHopeless: true, state: 'open', why: 'all failed' },
    { ok: 4, failed: 4, isHopeless: true, state: 'open', why: 'half of them failed' },
    { ok: 5, failed: 4, isHopeless: true, state: 'closed', why: 'most succeeded' },
    { ok: 0, failed: 40, isHopeless: false, state: 'closed', why: 'an instance answers' },
  ])('$ok succeeded and $failed failed: $state, since $why', ({ ok, failed, isHopeless, state }) => {
    const breaker = new CircuitBreaker(settings);
    for (let n = 0; n < ok; n += 1) breaker.succeeded('ordinary', 10);
    for (let n = 0; n < failed; n += 1) breaker.failed('ordinary', isHopeless, 10);
    expect(breaker.state).toBe(state);
  });

  test('pauses longer with each trial that fails, and starts anew after one that succeeds', () => {
    const breaker = new CircuitBreaker(settings);
    fail(breaker, 4, 0);
    for (const [at, admission] of [
      [99, 'refused'],
      [100, 'trial'],
      [100, 'refused'],
    ] as const)
      expect(breaker.admit(at)).toBe(admission);
    breaker.failed('trial', true, 100);
    expect([breaker.admit(299), breaker.admit(300)]).toEqual(['refused', 'trial']);
    breaker.failed('trial', true, 300);
    expect([breaker.admit(599), breaker.admit(600)]).toEqual(['refused', 'trial']);
    breaker.failed('trial', true, 600);
    expect([breaker.admit(899), breaker.admit(900)]).toEqual(['refused', 'trial']);
    breaker.succeeded('trial', 900);
    expect([breaker.state, breaker.admit(900), breaker.openings]).toEqual(['closed', 'ordinary', 4]);
    fail(breaker, 4, 901);
    expect([breaker.admit(1_000), breaker.admit(1_001)]).toEqual(['refused', 'trial']);
  });

  test('is not closed by an answer that was asked for before, and a trial that came to nothing is followed by another', () => {
    const breaker = new CircuitBreaker(settings);
    fail(breaker, 4, 0);
    breaker.succeeded('ordinary', 50);
    expect(breaker.admit(50)).toBe('refused');
    expect(breaker.admit(100)).toBe('trial');
    breaker.undecided('trial');
    expect(breaker.admit(101)).toBe('trial');
  });
});

describe('a retry budget', () => {
  const take = (budget: RetryBudget, recentCalls: number, now: number, times: number) =>
    Array.from({ length: times }, () => budget.take(recentCalls, now)).filter(Boolean).length;

  test('is what was saved, a share of the calls, and a few a second', () => {
    const budget = new RetryBudget({ share: 0.25, perSecond: 2, attempts: 3 });
    expect(take(budget, 0, 1_000, 100)).toBe(20);
    expect(take(budget, 0, 3_500, 100)).toBe(5);
    for (let n = 0; n < 100; n += 1) budget.called();
    expect(take(budget, 100, 3_500, 100)).toBe(25);
  });

  test('does not grow without end', () => {
    const budget = new RetryBudget({ share: 0.2, perSecond: 2, attempts: 3 });
    for (let n = 0; n < 100_000; n += 1) budget.called();
    expect(take(budget, 50, 1_000, 1_000)).toBe(30);
    expect(take(budget, 0, 1_000_000, 1_000)).toBe(20);
  });

  test('may be nothing at all', () => {
    const budget = new RetryBudget({ share: 0, perSecond: 0, attempts: 3 });
    budget.called();
    expect(take(budget, 1_000, 1_000, 10)).toBe(0);
  });
});
