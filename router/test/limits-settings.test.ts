import { readEnvironment } from '@mercato/environment';
import { describe, expect, test } from 'vitest';
import { defaultWork } from '../src/limits/new-documents.ts';
import { limitsEnvironment } from '../src/limits/settings.ts';
import { trustProxy } from '../src/limits/trust-proxy.ts';

const read = (variables: Record<string, string>) => readEnvironment(limitsEnvironment, variables);

describe('limits in the environment', () => {
  test('nothing set is nothing changed', () => {
    expect(read({})).toEqual({
      LIMITS: {},
      RATE_LIMITS: { budgets: {}, loopback: false, newDocuments: defaultWork },
      TRUST_PROXY: undefined,
    });
  });

  test('what is set is taken', () => {
    expect(read({ LIMITS: '{"depth": 15, "maximumCost": 500, "enforceCost": false}' }).LIMITS).toEqual({
      depth: 15,
      maximumCost: 500,
      enforceCost: false,
    });
    expect(
      read({ RATE_LIMITS: '{"budgets": {"guest": {"points": 5, "seconds": 1}, "staff": null}, "loopback": true}' })
        .RATE_LIMITS,
    ).toEqual({
      budgets: { guest: { points: 5, seconds: 1 }, staff: null },
      loopback: true,
      newDocuments: defaultWork,
    });
    const newDocuments = { milliseconds: 9, seconds: 1 };
    expect(read({ RATE_LIMITS: JSON.stringify({ newDocuments }) }).RATE_LIMITS).toMatchObject({ newDocuments });
    expect(read({ RATE_LIMITS: '{"newDocuments": null}' }).RATE_LIMITS).toMatchObject({ newDocuments: null });
  });

  test.each([
    ['LIMITS', '{"deepness": 15}', 'LIMITS is wrong: there is no "deepness".'],
    ['LIMITS', '{"depth": 0}', 'LIMITS is wrong'],
    ['LIMITS', 'depth=15', 'LIMITS is wrong'],
    ['RATE_LIMITS', '{"guest": {"points": 5, "seconds": 1}}', 'there is no "guest"'],
    ['RATE_LIMITS', '{"budgets": {"guest": {"points": 5}}}', 'RATE_LIMITS is wrong'],
    ['RATE_LIMITS', '{"budgets": {"service": null}}', 'there is no "service"'],
    ['RATE_LIMITS', '{"newDocuments": {"points": 5, "seconds": 1}}', 'RATE_LIMITS is wrong'],
    ['TRUST_PROXY', 'all of them', 'TRUST_PROXY is wrong'],
  ])('what cannot be meant is said: %s=%s', (name, value, told) => {
    expect(() => read({ [name]: value })).toThrow(told);
  });

  test.each([
    ['2', 2],
    ['10.0.0.0/8, loopback', ['10.0.0.0/8', 'loopback']],
    ['fd00::/8', ['fd00::/8']],
  ])('proxies by number or by address: %s', (value, proxies) => {
    expect(read({ TRUST_PROXY: value }).TRUST_PROXY).toEqual(proxies);
  });
});

test('as many proxies as stand before the router are believed', () => {
  const trusted = (proxies?: number) => {
    const trust = trustProxy(proxies);
    return Array.isArray(trust) ? [] : [0, 1, 2].map((hop) => trust('192.0.2.1', hop));
  };
  expect(trusted()).toEqual([false, false, false]);
  expect(trusted(1)).toEqual([true, false, false]);
  expect(trusted(2)).toEqual([true, true, false]);
  expect(trustProxy(['10.0.0.0/8'])).toEqual(['10.0.0.0/8']);
});
