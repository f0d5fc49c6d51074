import { describe, expect, test } from 'vitest';
import {
  add,
  CurrencyMismatchError,
  formatAmount,
  isCurrency,
  type Money,
  minorDigits,
  multiply,
  negate,
  parseAmount,
  subtract,
  sum,
  toGraphQL,
  UnknownCurrencyError,
} from '../src/index.ts';

const usd = (amount: bigint): Money => ({ amount, currency: 'USD' });

describe('minorDigits', () => {
  test.each([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    // Where CLDR, and with it Intl, says none or fewer.
    ['HUF', 2],
    ['COP', 2],
    ['IDR', 2],
    ['IQD', 3],
  ])('%s has %d', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  test.each(['XXQ', 'usd', 'US', 'DOLLAR', '', 'BTC', '   '])('%j is not a currency', (currency) => {
    expect(isCurrency(currency)).toBe(false);
    expect(() => minorDigits(currency)).toThrow(UnknownCurrencyError);
  });
});

describe('parseAmount', () => {
  test.each([
    ['42.99', 'USD', 4299n],
    ['42.9', 'USD', 4290n],
    ['42', 'USD', 4200n],
    ['0', 'USD', 0n],
    ['-0.00', 'USD', 0n],
    ['0.01', 'USD', 1n],
    ['-5.50', 'USD', -550n],
    ['007.50', 'USD', 750n],
    ['42', 'JPY', 42n],
    ['1.234', 'KWD', 1234n],
    ['1.2345', 'CLF', 12345n],
    ['9007199254740.93', 'USD', 900719925474093n],
    ['10000000000000.00', 'USD', 10n ** 15n],
    ['1000000000000000', 'JPY', 10n ** 15n],
  ])('%s %s is %d minor units', (text, currency, amount) => {
    expect(parseAmount(text, currency)).toEqual({ kind: 'ok', amount });
  });

  test.each([
    ['42.999', 'USD', 'at most 2 digits'],
    ['42.990', 'USD', 'at most 2 digits'],
    ['42.0', 'JPY', 'no digits'],
    ['1.2345', 'KWD', 'at most 3 digits'],
    ['+42.99', 'USD', 'exact decimal number such as 42.99'],
    ['4e2', 'USD', 'exact decimal'],
    ['4,299.00', 'USD', 'exact decimal'],
    ['42,99', 'EUR', 'exact decimal'],
    [' 42.99', 'USD', 'exact decimal'],
    ['42.99\n', 'USD', 'exact decimal'],
    ['42.', 'USD', 'exact decimal'],
    ['.99', 'USD', 'exact decimal'],
    ['--1', 'USD', 'exact decimal'],
    ['', 'USD', 'exact decimal'],
    ['0x10', 'USD', 'exact decimal'],
    ['NaN', 'USD', 'exact decimal'],
    ['٤٢', 'USD', 'exact decimal'],
    ['1_000', 'USD', 'exact decimal'],
    ['10000000000000.01', 'USD', 'within ±10000000000000.00 USD'],
    ['-10000000000000.01', 'USD', 'within ±10000000000000.00 USD'],
    ['9'.repeat(100_000), 'USD', 'exact decimal'],
    ['42.99', 'XXQ', '"XXQ" is not a currency'],
    ['42.99', 'usd', '"usd" is not a currency'],
  ])('%.20s %s is refused', (text, currency, reason) => {
    expect(parseAmount(text, currency)).toEqual({ kind: 'invalid', reason: expect.stringContaining(reason) });
  });
});

describe('formatAmount', () => {
  test.each([
    [4299n, 'USD', '42.99'],
    [4290n, 'USD', '42.90'],
    [0n, 'USD', '0.00'],
    [5n, 'USD', '0.05'],
    [-5n, 'USD', '-0.05'],
    [-4299n, 'USD', '-42.99'],
    [42n, 'JPY', '42'],
    [-42n, 'JPY', '-42'],
    [1n, 'KWD', '0.001'],
    [9_223_372_036_854_775_807n, 'USD', '92233720368547758.07'],
  ])('%d %s reads %s', (amount, currency, text) => {
    expect(formatAmount({ amount, currency })).toBe(text);
    expect(toGraphQL({ amount, currency })).toEqual({ amount: text, currency });
  });

  test('an unknown currency has no digits to show', () => {
    expect(() => formatAmount({ amount: 1n, currency: 'XXQ' })).toThrow(UnknownCurrencyError);
  });
});

describe('arithmetic', () => {
  test('adds, subtracts, multiplies, negates and sums', () => {
    expect(add(usd(4299n), usd(1n))).toEqual(usd(4300n));
    expect(subtract(usd(1n), usd(4299n))).toEqual(usd(-4298n));
    expect(multiply(usd(4299n), 3)).toEqual(usd(12_897n));
    expect(multiply(usd(4299n), 0)).toEqual(usd(0n));
    expect(negate(usd(5n))).toEqual(usd(-5n));
    expect(sum([usd(1n), usd(2n), usd(3n)], 'USD')).toEqual(usd(6n));
    expect(sum([], 'EUR')).toEqual({ amount: 0n, currency: 'EUR' });
  });

  test('is exact where floats are not', () => {
    expect(sum([usd(10n), usd(20n)], 'USD')).toEqual(usd(30n));
    expect(multiply(usd(900_719_925_474_099_3n), 3)).toEqual(usd(2_702_159_776_422_297_9n));
  });

  test('never mixes currencies', () => {
    const eur: Money = { amount: 1n, currency: 'EUR' };
    expect(() => add(usd(1n), eur)).toThrow(CurrencyMismatchError);
    expect(() => subtract(usd(1n), eur)).toThrow('Amounts in USD and EUR cannot be reckoned together.');
    expect(() => sum([usd(1n), eur], 'USD')).toThrow(CurrencyMismatchError);
    expect(() => sum([eur], 'USD')).toThrow(CurrencyMismatchError);
  });

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %d units', (quantity) => {
    expect(() => multiply(usd(1n), quantity)).toThrow(RangeError);
  });
});
