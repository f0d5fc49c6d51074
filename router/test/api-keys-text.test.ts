import { describe, expect, test } from 'vitest';
import { hashOf, idIn, idMeant, isApiKey, newApiKey } from '../src/identity/api-keys/key-text.ts';

/** As it stands in the README, for scanners of repositories. */
const scanned = /mercato_[0-7][0-9a-hjkmnp-tv-z]{25}_[0-9A-Za-z]{38}/;

test('every key is of the published form, holds its id and is like no other', () => {
  const keys = Array.from({ length: 500 }, () => newApiKey());
  for (const { text, id, hash } of keys) {
    expect(text).toMatch(new RegExp(`^${scanned.source}$`));
    expect(idIn(text)).toBe(id);
    expect(hash).toEqual(hashOf(text));
    expect(isApiKey(text)).toBe(true);
  }
  expect(new Set(keys.map(({ id }) => id)).size).toBe(500);
  expect(new Set(keys.map(({ text }) => text.slice(-38))).size).toBe(500);
  // Every character of the alphabet comes, so none of the secret's bits is fixed.
  expect(new Set(keys.map(({ text }) => text.slice(35, 67)).join('')).size).toBe(62);
});

test('the checksum is CRC-32 in base 62 of all before it, which others can compute', () => {
  // Computed by Python's zlib.crc32.
  expect(idIn('mercato_01jb2v5w3je8r9m6wq1y4f0k2d_0123456789ABCDEFGHIJKLMNOPQRSTUV0Jv9yG')).toBe(
    'key_01jb2v5w3je8r9m6wq1y4f0k2d',
  );
});

describe('a slip', () => {
  const { text, id } = newApiKey();
  const swapped = text.slice(0, 40) + (text[41] ?? '') + (text[40] ?? '') + text.slice(42);
  const slips: [string, string][] = [
    ['a character less', text.slice(0, -1)],
    ['a character more', `${text}0`],
    ['another id', text.replace(id.slice(4), newApiKey().id.slice(4))],
    ['another beginning', text.replace('mercato_', 'mercato-')],
    ['a line break', `${text}\n`],
    ['only the beginning', 'mercato_'],
    ['two characters swapped', swapped === text ? `${text}_` : swapped],
  ];
  test.each(slips)('%s is no key', (_what, slip) => {
    expect(idIn(slip)).toBeUndefined();
  });

  test('any one other character is noticed', () => {
    for (let at = 35; at < text.length; at += 1) {
      const other = text[at] === 'x' ? 'y' : 'x';
      expect(idIn(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
    }
  });
});

test('an id is meant by itself or by its key, and by nothing else', () => {
  const { text, id } = newApiKey();
  expect([id, text, id.toUpperCase(), `key_${id}`, 'partner_acme'].map(idMeant)).toEqual([
    id,
    id,
    undefined,
    undefined,
    undefined,
  ]);
});
