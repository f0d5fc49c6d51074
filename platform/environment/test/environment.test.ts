import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  EnvironmentError,
  flag,
  httpUrl,
  json,
  milliseconds,
  port,
  postgresUrl,
  readEnvironment,
  redisUrl,
} from '../src/index.ts';

const shape = {
  PORT: port().default(4000),
  DATABASE_URL: postgresUrl(),
  REDIS_URL: redisUrl().optional(),
  ORIGIN: httpUrl().optional(),
  TIMEOUT: milliseconds().default(100),
  VERBOSE: flag().default(false),
  KEYS: json(z.record(z.string(), z.number())).optional(),
};
const right = { DATABASE_URL: 'postgresql://me@localhost/products' };

test('values are parsed, defaults fill the gaps, empty means absent', () => {
  expect(readEnvironment(shape, { ...right, PORT: '80', VERBOSE: 'yes', KEYS: '{"a":1}', REDIS_URL: '' })).toEqual({
    PORT: 80,
    DATABASE_URL: right.DATABASE_URL,
    REDIS_URL: undefined,
    TIMEOUT: 100,
    VERBOSE: true,
    KEYS: { a: 1 },
  });
});

test.each<[Record<string, string>, RegExp]>([
  [{}, /^DATABASE_URL is not set; it wants a URL such as postgresql:/],
  [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL is wrong; it wants a URL such as postgresql:/],
  [{ ...right, PORT: 'http' }, /^PORT is wrong; it wants a TCP port from 0 to 65535\.$/],
  [{ ...right, PORT: '70000' }, /^PORT is wrong; it wants a TCP port from 0 to 65535\.$/],
  [{ ...right, TIMEOUT: '0' }, /^TIMEOUT is wrong; it wants a whole number of milliseconds, at least 1 and /],
  // As one writes who wants no limit.
  [{ ...right, TIMEOUT: '9999999999' }, /^TIMEOUT is wrong; it wants .* at most 2147483647\.$/],
  [{ ...right, REDIS_URL: 'localhost' }, /^REDIS_URL is wrong; it wants a URL such as redis:/],
  [{ ...right, ORIGIN: 'ftp://x' }, /^ORIGIN is wrong; it wants a URL such as http:/],
  [{ ...right, VERBOSE: 'perhaps' }, /^VERBOSE is wrong; it wants true or false\.$/],
  [{ ...right, KEYS: '{' }, /^KEYS is wrong: it is not JSON\.$/],
  [{ ...right, KEYS: '{"a":"b"}' }, /^KEYS is wrong: /],
])('%j stops the start with a sentence', (source, sentence) => {
  expect(() => readEnvironment(shape, source)).toThrow(EnvironmentError);
  expect(() => readEnvironment(shape, source)).toThrow(sentence);
});

test('all that is wrong is said at once', () => {
  expect(() => readEnvironment(shape, { PORT: 'x', TIMEOUT: 'y' })).toThrow(/PORT[^\n]*\n.*TIMEOUT|DATABASE_URL/s);
});
