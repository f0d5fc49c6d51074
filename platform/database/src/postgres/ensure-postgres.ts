import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSetupError, errorCode, errorMessage } from '../errors.ts';
import type { DatabaseLogger } from '../logger.ts';
import type { AccountKind } from './account.ts';
import { ensureCluster, readOrCreatePassword, SUPERUSER } from './cluster.ts';
import { withFileLock } from './file-lock.ts';
import { findHome, type PostgresHome } from './home.ts';
import { isLeased, takeLease } from './leases.ts';
import { askHealth, findServer, killServer, type RunningServer, startServer, stopServer } from './server.ts';
import { waitFor } from './wait.ts';

/** A server that says nothing for so long hangs; */
const SILENCE_MS = 8_000;
/** one that says it is starting, recovering or full is given this long. */
const BUSY_MS = 120_000;

export interface EnsurePostgresOptions {
  /** Postgres' own folder, made when missing; nothing else may live in it. */
  dataDir: string;
  logger: DatabaseLogger;
  /** Exactly this port. Without it the port of the last start, else a free one. */
  port?: number;
  /** False for tests: fast, and lost when the machine loses power. Default true. */
  durable?: boolean;
  /** Narrows how an unprivileged user is found when started by root; all ways are tried by default. */
  accounts?: readonly AccountKind[];
}

export interface Postgres {
  /** Superuser's URL of the database `postgres`, on 127.0.0.1. */
  url: string;
  /** True when the server was running already, left by a killed process or shared with a living one. */
  adopted: boolean;
  /** Stops the server (fast shutdown), unless another living process that called `ensurePostgres` still uses it. */
  stop(): Promise<void>;
}

/**
 * A real Postgres for this data folder, started or adopted. Any number of processes may call it at once.
 * @throws DatabaseSetupError with one sentence when there is none to be had
 */
export async function ensurePostgres(options: EnsurePostgresOptions): Promise<Postgres> {
  const dataDir = resolve(options.dataDir);
  try {
    mkdirSync(dataDir, { recursive: true });
    return await withFileLock(join(dataDir, 'lock'), () => adoptOrStart(dataDir, options));
  } catch (error) {
    if (error instanceof DatabaseSetupError || errorCode(error) === undefined) throw error;
    throw new DatabaseSetupError(
      `The data folder ${dataDir} cannot be used (${errorMessage(error)}): make it writable, or choose another with MERCATO_DATA_DIR.`,
      { cause: error },
    );
  }
}

async function adoptOrStart(dataDir: string, options: EnsurePostgresOptions): Promise<Postgres> {
  const password = readOrCreatePassword(dataDir);
  const url = (port: number) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`;
  const home = findHome(dataDir, options.accounts);
  const durable = options.durable ?? true;
  await ensureCluster(home, password, durable);

  const adopted = await adopt(home, url, options.logger);
  const lastPort = readPort(dataDir);
  const server =
    adopted ?? (await startServer(home, join(dataDir, 'postgres.log'), { url, durable, port: options.port, lastPort }));
  writeFileSync(join(dataDir, 'port'), String(server.port));
  const lease = takeLease(join(dataDir, 'leases'));
  return {
    url: url(server.port),
    adopted: adopted !== null,
    stop: () => leave(dataDir, lease, server),
  };
}

async function adopt(
  home: PostgresHome,
  url: (port: number) => string,
  logger: DatabaseLogger,
): Promise<RunningServer | null> {
  const found = findServer(home.cluster);
  if (!found) return null;
  const met = performance.now();
  const outcome = await waitFor<'healthy' | 'gone' | 'silent' | { reason: string }>(
    async () => {
      const server = findServer(home.cluster);
      if (!server) return 'gone';
      const health = await askHealth(url(server.port), home.cluster);
      if (health.kind === 'healthy') return 'healthy';
      const waited = performance.now() - met;
      if (health.kind === 'silent') return waited > SILENCE_MS ? 'silent' : null;
      return waited > BUSY_MS ? { reason: health.reason } : null;
    },
    { timeoutMs: BUSY_MS * 2, everyMs: 100 },
  );
  if (outcome === 'healthy') return findServer(home.cluster);
  if (outcome === 'silent') {
    logger.warn({ pid: found.postmaster.pid }, 'Postgres is running but does not answer: it is started again');
    await killServer(found);
  }
  if (outcome !== null && typeof outcome === 'object') {
    throw new DatabaseSetupError(
      `The Postgres of ${home.folder} (pid ${found.postmaster.pid}) runs but lets nobody in: ${outcome.reason}.`,
    );
  }
  return null;
}

async function leave(dataDir: string, lease: { release(): void }, server: RunningServer): Promise<void> {
  await withFileLock(join(dataDir, 'lock'), async () => {
    lease.release();
    if (!isLeased(join(dataDir, 'leases'))) await stopServer(server);
  });
}

function readPort(dataDir: string): number | undefined {
  const path = join(dataDir, 'port');
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) || undefined : undefined;
}
