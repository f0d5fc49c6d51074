import { describe, expect, test } from 'vitest';
import { isId, isSecretId, newId, secretId } from '../src/index.ts';

describe('newId', () => {
  test('names its type and carries a UUIDv7', () => {
    const before = Date.now();
    const id = newId('product');

    expect(id).toMatch(/^product_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
    const { version, time } = uuidOf(id);
    expect(version).toBe(7);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  test('ten thousand ids are distinct and sort in the order they were made', () => {
    const ids = Array.from({ length: 10_000 }, () => newId('order'));

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });

  test.each(['Product', 'product1', '_product', 'product_', 'a-b', 'a'.repeat(64)])(
    'refuses the prefix %s',
    (prefix) => {
      expect(() => newId(prefix)).toThrow();
    },
  );

  test('takes prefixes with inner underscores', () => {
    expect(isId('order_line', newId('order_line'))).toBe(true);
  });
});

describe('isId', () => {
  const valid = 'product_01h455vb4pex5vsknk084sn02q';

  test('takes an id of its type', () => {
    expect(isId('product', valid)).toBe(true);
  });

  test.each([
    ['of another type', 'order_01h455vb4pex5vsknk084sn02q'],
    ['of a type that begins alike', 'product_variant_01h455vb4pex5vsknk084sn02q'],
    ['without a type', '01h455vb4pex5vsknk084sn02q'],
    ['too short', valid.slice(0, -1)],
    ['too long', `${valid}0`],
    ['more than 128 bits', 'product_81h455vb4pex5vsknk084sn02q'],
    ['upper case', valid.toUpperCase()],
    ['a letter outside the alphabet', 'product_01h455vb4pex5vsknk084sn02u'],
    ['with a line end', `${valid}\n`],
    ['a secret id', secretId('product')],
    ['empty', ''],
    ['null', null],
    ['a number', 7],
  ])('refuses what is %s', (_name, value) => {
    expect(isId('product', value)).toBe(false);
  });
});

describe('secretId', () => {
  test('carries 160 bits, every one of which varies', () => {
    const seen = Array.from({ length: 500 }, () => bitsOf(secretId('cart')));

    for (let bit = 0; bit < 160; bit += 1) {
      const ones = seen.filter((bits) => bits[bit] === '1').length;
      // 500 fair coins fall outside 150…350 with a probability below 1e-18.
      expect(ones).toBeGreaterThan(150);
      expect(ones).toBeLessThan(350);
    }
  });

  test('never repeats and does not sort by time', () => {
    const ids = Array.from({ length: 5_000 }, () => secretId('checkout'));

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).not.toEqual(ids);
  });

  test('is told from a TypeID and from another type', () => {
    expect(isSecretId('cart', secretId('cart'))).toBe(true);
    expect(isSecretId('cart', secretId('checkout'))).toBe(false);
    expect(isSecretId('cart', newId('cart'))).toBe(false);
    expect(isSecretId('cart', undefined)).toBe(false);
  });
});

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function bitsOf(id: string): string {
  const suffix = id.slice(id.lastIndexOf('_') + 1);
  return [...suffix].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
}

function uuidOf(id: string): { version: number; time: number } {
  // 26 letters are 130 bits; the first two are padding.
  const bits = bitsOf(id).slice(2);
  return { time: Number.parseInt(bits.slice(0, 48), 2), version: Number.parseInt(bits.slice(48, 52), 2) };
}
