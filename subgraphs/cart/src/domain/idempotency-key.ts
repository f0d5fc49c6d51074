import type { InvalidInput } from './outcomes.ts';

const shortest = 16;
const longest = 255;

const invalid = (message: string): InvalidInput => ({ kind: 'invalid-input', message, path: ['idempotencyKey'] });

/** A key that can be stored. */
export function checkKey(key: string): InvalidInput | null {
  if (key.length > longest || key.includes('\0')) {
    return invalid(`An idempotencyKey has at most ${longest} characters, and no NUL among them; use a UUID.`);
  }
  return null;
}

/**
 * A key of someone whom nothing else tells apart from others. It gives the cart it made to whoever repeats it: one that
 * two guests hit upon would make them share a cart.
 */
export function checkGuestKey(key: string): InvalidInput | null {
  if (key.length < shortest) {
    return invalid(`An idempotencyKey has at least ${shortest} characters that nobody else comes up with; use a UUID.`);
  }
  return checkKey(key);
}
