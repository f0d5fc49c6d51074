import { describe, expect, test } from 'vitest';
import { chunkKeys } from '../src/domain/chunk-keys.ts';
import { CircuitBreaker } from '../src/domain/content-api/circuit-breaker.ts';
import { RetryBudget } from '../src/domain/content-api/retry-budget.ts';
import { pictureUrl } from '../src/domain/images/picture.ts';
import { readContentEnvironment } from '../src/environment.ts';

describe('pictures', () => {
  const hygraph = 'https://eu-central-1.graphassets.com/AbC123/cmHandle';
  const url = (from: string, transform: object, handle = 'cmHandle') =>
    pictureUrl({ url: from, handle, altText: null, width: null, height: null }, transform);

  test.each([
    [{}, hygraph],
    [{ fit: 'CROP' }, hygraph],
    [{ width: 800 }, 'https://eu-central-1.graphassets.com/AbC123/resize=width:800,fit:max/cmHandle'],
    [{ height: 300, fit: 'SCALE' }, 'https://eu-central-1.graphassets.com/AbC123/resize=height:300,fit:max/cmHandle'],
    [
      { width: 8, height: 6, fit: 'CROP' },
      'https://eu-central-1.graphassets.com/AbC123/resize=width:8,height:6,fit:crop/cmHandle',
    ],
    [{ width: 0, height: null }, 'https://eu-central-1.graphassets.com/AbC123/resize=width:1,fit:max/cmHandle'],
    [{ width: 1_000_000 }, 'https://eu-central-1.graphassets.com/AbC123/resize=width:4096,fit:max/cmHandle'],
  ])('%j', (transform, expected) => expect(url(hygraph, transform)).toBe(expected));

  test.each([
    ['https://media.graphassets.com/cmHandle', 'https://media.graphassets.com/resize=width:8,fit:max/cmHandle'],
    ['https://a.example/e/cmHandle?sig=1', 'https://a.example/e/resize=width:8,fit:max/cmHandle?sig=1'],
    ['https://cdn.example/other.jpg', 'https://cdn.example/other.jpg'],
    ['not an address', 'not an address'],
  ])('%s at a width of 8', (from, expected) => expect(url(from, { width: 8 })).toBe(expected));
});

describe('keys in chunks', () => {
  const keys = (count: number, length: number) => Array.from({ length: count }, () => 'k'.repeat(length));
  test.each([
    ['none', [], []],
    ['a hundred short ones', keys(100, 10), [100]],
    ['one more', keys(101, 10), [100, 1]],
    ['longer ones', keys(100, 200), [43, 43, 14]],
  ])('%s', (_name, given, sizes) => expect(chunkKeys(given, 1_200).map(({ length }) => length)).toEqual(sizes));
});

describe('the circuit', () => {
  const aCircuit = () => {
    const clock = { now: 0 };
    const circuit = new CircuitBreaker({ failures: 3, restMs: 100, longestRestMs: 400 }, () => clock.now);
    const fail = () => {
      circuit.enter();
      return circuit.failed();
    };
    return { clock, circuit, fail };
  };

  test('opens at the third failure in a row, and not when one succeeds in between', () => {
    const { circuit, fail } = aCircuit();
    fail();
    fail();
    circuit.succeeded();
    expect([fail(), fail()]).toEqual([false, false]);
    expect(circuit.allows).toBe(true);
    expect(fail()).toBe(true);
    expect(circuit.allows).toBe(false);
  });

  test('lets one through after the rest, rests twice as long when that fails, up to the longest', () => {
    const { clock, circuit, fail } = aCircuit();
    for (let n = 0; n < 3; n += 1) fail();
    for (const rest of [100, 200, 400, 400]) {
      clock.now += rest - 1;
      expect(circuit.allows).toBe(false);
      clock.now += 1;
      expect(circuit.allows).toBe(true);
      circuit.enter();
      expect(circuit.allows).toBe(false);
      circuit.failed();
    }
    clock.now += 400;
    circuit.enter();
    expect(circuit.succeeded()).toBe(true);
    expect(circuit.allows).toBe(true);
    expect(circuit.isOpen).toBe(false);
  });

  test('is not closed by one that set out before it opened, nor opened further by those that did', () => {
    const { clock, circuit, fail } = aCircuit();
    for (let n = 0; n < 3; n += 1) fail();
    expect(circuit.failed()).toBe(false);
    expect(circuit.succeeded()).toBe(false);
    expect(circuit.allows).toBe(false);
    clock.now += 100;
    expect(circuit.allows).toBe(true);
  });

  test('opens at once for a server that asks for rest, within bounds', () => {
    const { clock, circuit } = aCircuit();
    expect(circuit.failed({ ms: 30_000 })).toBe(true);
    clock.now += 399;
    expect(circuit.allows).toBe(false);
    clock.now += 1;
    expect(circuit.allows).toBe(true);
  });

  test('lets the next one try when one ended without a verdict', () => {
    const { clock, circuit, fail } = aCircuit();
    for (let n = 0; n < 3; n += 1) fail();
    clock.now += 100;
    circuit.enter();
    circuit.abandoned();
    expect(circuit.allows).toBe(true);
  });
});

test('one request in ten may be repeated, once the first ten retries are used', () => {
  const budget = new RetryBudget();
  const spent = Array.from({ length: 200 }, () => {
    budget.earn();
    return budget.spend();
  }).filter(Boolean).length;
  expect(spent).toBeGreaterThanOrEqual(28);
  expect(spent).toBeLessThanOrEqual(30);
});

test('an environment without a CMS is told so in a sentence', () => {
  const keys = { TRUSTED_KEYS: '{}', SIGNING_KEY: '{}' };
  expect(() => readContentEnvironment({ ...keys })).toThrow(/HYGRAPH_ENDPOINT is not set; it wants the Content API/);
  expect(() => readContentEnvironment({ ...keys, HYGRAPH_ENDPOINT: 'hygraph' })).toThrow(/HYGRAPH_ENDPOINT is wrong/);
});
