import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSetupError } from '../errors.ts';
import { commandAs, giveTo } from './account.ts';
import type { PostgresHome } from './home.ts';

export const SUPERUSER = 'mercato';

/** Creates the cluster unless it exists. It appears whole or not at all: an interrupted creation is begun again. */
export async function ensureCluster(home: PostgresHome, password: string, durable: boolean): Promise<void> {
  if (existsSync(join(home.cluster, 'PG_VERSION'))) return;
  const draft = `${home.cluster}.new`;
  const passwordFile = `${draft}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  try {
    giveTo(home.account, draft, 0o700);
    giveTo(home.account, passwordFile, 0o600);
    await initialise(home, draft, passwordFile, durable);
    renameSync(draft, home.cluster);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

async function initialise(home: PostgresHome, folder: string, passwordFile: string, durable: boolean): Promise<void> {
  const outcomes: string[] = [];
  // Sorting is by code point everywhere. Letters beyond ASCII are letters only where the C library has such a
  // locale, which pg_trgm and text search ask; macOS names it otherwise and some images have none.
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'C']) {
    const outcome = await run(home, [
      `--pgdata=${folder}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      `--lc-ctype=${ctype}`,
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ]);
    if (outcome === null) return;
    outcomes.push(outcome);
    if (!outcome.includes('locale')) break;
  }
  throw new DatabaseSetupError(`Postgres could not create its data in ${home.folder}: ${outcomes.at(-1)}`);
}

/** @returns null on success, else initdb's last complaint */
function run(home: PostgresHome, args: string[]): Promise<string | null> {
  const command = commandAs(home.account, home.binaries.initdb, args);
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command.file, command.args, {
      ...command.options,
      cwd: home.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? null : lastComplaint(output)));
  });
}

function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => /error|fatal|could not/i.test(line));
  return (lines.at(-1) ?? (output.trim() || 'initdb failed without a message')).replace(/^initdb: (error: )?/, '');
}

/** The superuser's password, made at the first start and kept in the data folder for its owner alone. */
export function readOrCreatePassword(dataDir: string): string {
  const path = join(dataDir, 'password');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(path, password, { mode: 0o600 });
  return password;
}
