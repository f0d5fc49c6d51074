import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Ed25519 keys as JSON Web Keys, RFC 8037. */
const publicKey = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });
const privateKey = publicKey.extend({ d: z.string() });

export type PublicKey = z.infer<typeof publicKey>;
export type PrivateKey = z.infer<typeof privateKey>;

/** Public keys by the caller they belong to: all that a subgraph holds, so that none can speak for another. */
export const trustedKeysSchema = z.record(z.string(), publicKey);

/** A caller's own key, as it is handed to its process. */
export const privateKeySchema = privateKey;

export interface ServiceKeys {
  readonly own: Readonly<Record<string, PrivateKey>>;
  readonly trusted: Readonly<Record<string, PublicKey>>;
}

export function generateKey(): PrivateKey {
  return privateKey.parse(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
}

const publicPart = (key: PrivateKey): PublicKey =>
  publicKey.parse(createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' }));

/**
 * The key pairs of a data folder, one a caller, made at random on first use: for one machine. Elsewhere keys are
 * handed out by whoever deploys.
 */
export function loadOrCreateKeys(folder: string, callers: readonly string[]): ServiceKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = Object.fromEntries(callers.map((caller) => [caller, loadOrCreateKey(join(folder, `${caller}.json`))]));
  const trusted = Object.fromEntries(Object.entries(own).map(([caller, key]) => [caller, publicPart(key)]));
  return { own, trusted };
}

function loadOrCreateKey(file: string): PrivateKey {
  try {
    // "wx" lets one of several processes that start at once win; the others read what it wrote.
    writeFileSync(file, JSON.stringify(generateKey()), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return privateKey.parse(JSON.parse(readFileSync(file, 'utf8')));
}
