import { randomBytes } from 'node:crypto';
import type { IdPrefix, TypedId } from './typed-id.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_BYTES = 20;
const SUFFIX = /^[0-9a-hjkmnp-tv-z]{32}$/;

/**
 * An id that is also the permission, as a cart's: the prefix and 160 bits from the system's CSPRNG in Crockford's
 * base 32 (32 characters). Tells nothing of when it was made. Keep it out of logs and caches.
 */
export function secretId<const P extends IdPrefix>(prefix: P): TypedId<P> {
  return `${prefix}_${base32(randomBytes(RANDOM_BYTES))}`;
}

/** Whether the value has the form of a secret id of this type. A TypeID, being shorter, has not. */
export function isSecretId<const P extends IdPrefix>(prefix: P, value: unknown): value is TypedId<P> {
  return typeof value === 'string' && value.startsWith(`${prefix}_`) && SUFFIX.test(value.slice(prefix.length + 1));
}

/** Five bits a character; the length in bits must be a multiple of five. */
function base32(bytes: Uint8Array): string {
  let text = '';
  let pending = 0;
  let bits = 0;

  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((pending >> bits) & 31);
    }
    pending &= (1 << bits) - 1;
  }
  return text;
}
