import { describe, expect, test } from 'vitest';
import { mayConnect, originsOf } from '../src/http/origins.ts';

const listed = originsOf(['https://shop.example', 'http://dev.example:*']);
const publicUrl = 'https://api.shop.example/';

describe('a page may connect', () => {
  test.each([
    ['that is none', undefined, 'api.shop.example', publicUrl],
    ['of a listed origin', 'https://shop.example', 'api.shop.example', publicUrl],
    ['of a listed host on any port', 'http://dev.example:5173', 'api.shop.example', publicUrl],
    ["of Apollo's sandbox", 'https://studio.apollographql.com', 'api.shop.example', publicUrl],
    ['of our public address', 'https://api.shop.example', '10.0.0.7:4000', publicUrl],
    ['of this very address', 'http://127.0.0.1:4000', '127.0.0.1:4000', undefined],
    ['of this very address, beside the public one', 'http://127.0.0.1:4000', '127.0.0.1:4000', publicUrl],
    ['of this very address, the newer kind', 'http://[::1]:4000', '[::1]:4000', undefined],
    ['of this machine', 'http://localhost:4000', 'localhost:4000', undefined],
  ])('%s', (_who, origin, host, known) => {
    expect(mayConnect({ origin, host }, listed, known)).toBe(true);
  });

  test('of any origin where all may', () => {
    expect(mayConnect({ origin: 'https://evil.example', host: 'x' }, originsOf(['*']), publicUrl)).toBe(true);
  });
});

describe('a page may not connect', () => {
  test.each([
    ['of another site', 'https://evil.example', 'api.shop.example', publicUrl],
    ['that hides its origin', 'null', 'api.shop.example', publicUrl],
    ['of our public name without encryption', 'http://api.shop.example', 'api.shop.example', publicUrl],
    ['whose name was made to lead here', 'http://evil.example:4000', 'evil.example:4000', publicUrl],
    ['whose name was made to lead here, wherever we are', 'http://evil.example:4000', 'evil.example:4000', undefined],
    ['whose name looks like an address', 'http://127.0.0.1.evil.example', '127.0.0.1.evil.example', undefined],
    ['of another port of this machine', 'http://127.0.0.1:9999', '127.0.0.1:4000', undefined],
  ])('%s', (_who, origin, host, known) => {
    expect(mayConnect({ origin, host }, originsOf(['https://shop.example']), known)).toBe(false);
  });
});
