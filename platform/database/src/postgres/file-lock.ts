import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSetupError, errorCode } from '../errors.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './processes.ts';
import { waitFor } from './wait.ts';

const WAIT_MS = 120_000;
/** Long enough to take a dead process' lock over. */
const HELD_BY_THE_LIVING_MS = 500;
/** Taking a dead process' lock away takes microseconds; a guard this old was left by a killed process. */
const GUARD_STALE_MS = 5_000;

/** Runs `work` while no other process holds the lock `path`; the lock of a process that died is taken over. */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const held = await waitFor(() => (tryLock(path) ? true : null), { timeoutMs: WAIT_MS, everyMs: 25 });
  if (!held) {
    throw new DatabaseSetupError(
      `Another process has held ${path} for two minutes: stop it, or delete that file if none is running.`,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * Takes the lock `path` for as long as this process lives or until `release`; the lock of a process that died is
 * taken over.
 * @returns null when a living process holds it
 */
export async function holdFileLock(path: string): Promise<{ release(): void } | null> {
  const held = await waitFor(() => (tryLock(path) ? true : null), { timeoutMs: HELD_BY_THE_LIVING_MS, everyMs: 25 });
  return held ? { release: () => rmSync(path, { force: true }) } : null;
}

function tryLock(path: string): boolean {
  if (createWhole(path)) return true;
  const holder = readHolder(path);
  if (holder && !isAlive(holder)) takeAway(path);
  return false;
}

/** Creates the file with its content in one step, so that no reader meets an empty lock. */
function createWhole(path: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(ownIdentity()));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** One process at a time removes a dead lock, having looked again: else a second would remove the first one's new lock. */
function takeAway(path: string): void {
  const guard = `${path}.takeover`;
  if (!createWhole(guard)) {
    if (ageMs(guard) > GUARD_STALE_MS) rmSync(guard, { force: true });
    return;
  }
  try {
    const holder = readHolder(path);
    if (holder && !isAlive(holder)) {
      renameSync(path, `${path}.dead`);
      rmSync(`${path}.dead`, { force: true });
    }
  } finally {
    rmSync(guard, { force: true });
  }
}

function readHolder(path: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    // A lock cut short by a full disk or a power cut belongs to nobody alive.
    if (error instanceof SyntaxError) return { pid: 0, startedAt: '' };
    throw error;
  }
}

function ageMs(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
