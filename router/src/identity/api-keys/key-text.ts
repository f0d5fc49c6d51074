import { createHash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { isId, newId } from '@mercato/ids';

/**
 * An API key as its holder has it: `mercato_`, the id (26 characters), `_`, the secret (32), a checksum (6). The beginning and
 * the checksum let scanners of repositories find lost keys without mistaking other text for one, as GitHub's tokens do:
 * `mercato_[0-7][0-9a-hjkmnp-tv-z]{25}_[0-9A-Za-z]{38}`. Underscores, so that a double click takes all of it.
 */
export type KeyText = string;

const beginning = 'mercato_';
const form = /^mercato_([0-7][0-9a-hjkmnp-tv-z]{25})_[0-9A-Za-z]{38}$/;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 190 random bits. */
const secretLength = 32;
const checksumLength = 6;

export const isApiKey = (credential: string): credential is KeyText => credential.startsWith(beginning);

/** A fresh key: the text is for its holder alone, id and hash are what is kept. */
export function newApiKey(): { readonly text: KeyText; readonly id: string; readonly hash: Buffer } {
  const id = newId('key');
  const secret = Array.from({ length: secretLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  const head = `${beginning}${id.slice('key_'.length)}_${secret}`;
  const text = head + checksumOf(head);
  return { text, id, hash: hashOf(text) };
}

/** The id within a key's text; undefined when it has not the form or its checksum is wrong: nobody was given it. */
export function idIn(text: string): string | undefined {
  const suffix = form.exec(text)?.[1];
  if (suffix === undefined || checksumOf(text.slice(0, -checksumLength)) !== text.slice(-checksumLength))
    return undefined;
  return `key_${suffix}`;
}

/** The id that somebody means who gives either the id or, having found it somewhere, the whole key. */
export const idMeant = (idOrText: string): string | undefined => (isId('key', idOrText) ? idOrText : idIn(idOrText));

/** Once through SHA-256: a slow hash is against guessing what people chose, and nobody guesses 190 random bits. */
export const hashOf = (text: KeyText): Buffer => createHash('sha256').update(text).digest();

/** CRC-32 in base 62. It proves nothing; it tells a slip of the keyboard without asking the database. */
function checksumOf(text: string): string {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < checksumLength) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
