import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAmount, MAX_AMOUNT, minorDigits, multiplyRatio, parseAmount, prorate } from '../src/index.ts';

const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF');
const amount = fc.bigInt({ min: -MAX_AMOUNT, max: MAX_AMOUNT });
const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 12n }), { minLength: 1, maxLength: 30 });

describe('multiplyRatio', () => {
  test.each([
    [100n, 1n, 3n, 33n],
    [100n, 2n, 3n, 67n],
    [1n, 1n, 2n, 0n],
    [3n, 1n, 2n, 2n],
    [5n, 1n, 2n, 2n],
    [7n, 1n, 2n, 4n],
    [-1n, 1n, 2n, 0n],
    [-3n, 1n, 2n, -2n],
    [-5n, 1n, 2n, -2n],
    [-100n, 1n, 3n, -33n],
    [-100n, 2n, 3n, -67n],
    [4299n, 1900n, 10_000n, 817n],
    [250n, 5n, 100n, 12n],
    [350n, 5n, 100n, 18n],
    [0n, 7n, 3n, 0n],
    [100n, -1n, 3n, -33n],
  ])('%d × %d / %d is %d', (value, numerator, denominator, expected) => {
    expect(multiplyRatio(value, numerator, denominator)).toBe(expected);
  });

  test.each([0n, -1n])('refuses the denominator %d', (denominator) => {
    expect(() => multiplyRatio(1n, 1n, denominator)).toThrow(RangeError);
  });

  test('is the nearest whole number, the even one of two equally near, and the same either side of zero', () => {
    fc.assert(
      fc.property(amount, fc.bigInt(-10_000n, 10_000n), fc.bigInt(1n, 10_000n), (value, numerator, denominator) => {
        const rounded = multiplyRatio(value, numerator, denominator);
        const twiceOff = (value * numerator - rounded * denominator) * 2n;

        expect(twiceOff <= denominator && twiceOff >= -denominator).toBe(true);
        if (twiceOff === denominator || twiceOff === -denominator) expect(rounded % 2n).toBe(0n);
        expect(multiplyRatio(-value, numerator, denominator)).toBe(-rounded);
      }),
    );
  });
});

describe('prorate', () => {
  test.each<[bigint, bigint[], bigint[]]>([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [200n, [1n, 1n, 1n], [67n, 67n, 66n]],
    [10n, [1n, 2n], [3n, 7n]],
    [100n, [50n, 30n, 20n], [50n, 30n, 20n]],
    [1n, [1n, 1n, 3n], [0n, 0n, 1n]],
    [5n, [0n, 1n, 0n, 1n], [0n, 3n, 0n, 2n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [0n, [0n, 0n], [0n, 0n]],
    [0n, [], []],
    [7n, [3n], [7n]],
  ])('%s by %s gives %s', (total, by, parts) => {
    expect(prorate(total, by)).toEqual(parts);
  });

  test('refuses negative weights, and an amount that nothing can carry', () => {
    expect(() => prorate(10n, [1n, -1n])).toThrow(RangeError);
    expect(() => prorate(10n, [0n, 0n])).toThrow('no weight is above zero');
    expect(() => prorate(10n, [])).toThrow(RangeError);
  });

  test('the parts sum to the whole, each within one unit of its share, and zero weights get nothing', () => {
    fc.assert(
      fc.property(amount, weights, (total, by) => {
        const whole = by.reduce((acc, weight) => acc + weight, 0n);
        fc.pre(whole > 0n);
        const parts = prorate(total, by);

        expect(parts.reduce((acc, part) => acc + part, 0n)).toBe(total);
        for (const [index, part] of parts.entries()) {
          const weight = by[index] ?? 0n;
          const off = part * whole - total * weight;
          expect(off < whole && off > -whole).toBe(true);
          if (weight === 0n) expect(part).toBe(0n);
        }
      }),
    );
  });

  test('a heavier line never carries less', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_AMOUNT }), weights, (total, by) => {
        fc.pre(by.some((weight) => weight > 0n));
        const parts = prorate(total, by);
        const byWeight = by.map((weight, index) => ({ weight, part: parts[index] ?? 0n }));

        for (const heavy of byWeight) {
          for (const light of byWeight) {
            if (heavy.weight > light.weight) expect(heavy.part >= light.part).toBe(true);
          }
        }
      }),
    );
  });
});

describe('decimal text', () => {
  test('what is written is read back as it was, with exactly the digits of the currency', () => {
    fc.assert(
      fc.property(amount, currency, (value, code) => {
        const text = formatAmount({ amount: value, currency: code });

        expect(text.split('.')[1]?.length ?? 0).toBe(minorDigits(code));
        expect(parseAmount(text, code)).toEqual({ kind: 'ok', amount: value });
      }),
    );
  });

  test('no text makes the parser throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[\d.,e ]{0,20}$/)), currency, (text, code) => {
        expect(['ok', 'invalid']).toContain(parseAmount(text, code).kind);
      }),
    );
  });
});
