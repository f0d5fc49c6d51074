import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { erasePostgres, holdFileLock } from '@mercato/database';
import { eraseOwnRedis } from '@mercato/queue';
import { errorSentence, LaunchError } from './launch-error.ts';

/** Everything that is ever kept in a data folder, here and by the packages that are given a place in it. */
const entries = [
  'keys',
  'postgres',
  'redis',
  'queue.json',
  'products',
  'payment-sandbox.jsonl',
  'seeded',
  'instances',
  'running.json',
  'lock',
];
const marker = 'mercato-data';

export interface HeldDataFolder {
  /** Throws away everything in it, and stops the servers that a killed start left there. */
  erase(): Promise<void>;
  release(): void;
}

/**
 * Makes the data folder and takes it for this process alone.
 * @throws LaunchError when it cannot be written, holds other things, or is another start's
 */
export async function holdDataFolder(folder: string): Promise<HeldDataFolder> {
  prepare(folder);
  const lock = await holdFileLock(join(folder, 'lock'));
  if (!lock) {
    throw new LaunchError(
      `Another start uses the data folder ${folder}: stop it first, or choose another folder with --data-dir.`,
    );
  }
  return {
    async erase() {
      await erasePostgres(join(folder, 'postgres'));
      await eraseOwnRedis(join(folder, 'redis'));
      for (const entry of entries) {
        if (entry !== 'lock') rmSync(join(folder, entry), { recursive: true, force: true });
      }
    },
    release: () => lock.release(),
  };
}

/** Whether a start holds it now. */
export async function isHeld(folder: string): Promise<boolean> {
  if (!existsSync(join(folder, 'lock'))) return false;
  const lock = await holdFileLock(join(folder, 'lock'));
  lock?.release();
  return lock === null;
}

function prepare(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    refuseForeign(folder);
    writeFileSync(
      join(folder, marker),
      'The data of a Mercato that runs on this machine: npm start -- --reset empties it.\n',
    );
  } catch (error) {
    if (error instanceof LaunchError) throw error;
    throw new LaunchError(
      `The data folder ${folder} cannot be written (${errorSentence(error)}): make it writable, or choose another with --data-dir.`,
    );
  }
}

/**
 * Step by step: where the system refuses a folder in one that exists, as below /proc, Node's own recursive way tries
 * again for ever.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another start was quicker.
    if (!existsSync(folder)) throw error;
  }
}

/** A folder of somebody else's files is never taken, and so never erased. */
function refuseForeign(folder: string): void {
  const found = readdirSync(folder);
  if (found.includes(marker)) return;
  const foreign = found.find((name) => !entries.includes(name) && !name.startsWith('lock.'));
  if (foreign !== undefined) {
    throw new LaunchError(
      `The folder ${folder} holds other things, such as ${foreign}: choose an empty or a new one with --data-dir.`,
    );
  }
}
