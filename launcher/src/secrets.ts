import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchOptions } from './environment.ts';

/** A random secret, made on first use; of several processes that start at once one makes it. */
export function readOrCreateSecret(file: string): string {
  try {
    writeFileSync(file, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8');
}

/** What the access tokens of this data folder's orders are made with, by version. */
export const orderTokenKeysOf = ({ dataDir }: Pick<LaunchOptions, 'dataDir'>): Record<string, string> => ({
  1: readOrCreateSecret(join(dataDir, 'keys', 'order-tokens')),
});
