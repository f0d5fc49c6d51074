import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@mercato/ports';
import pg from 'pg';
import { DatabaseSetupError, errorCode } from '../errors.ts';
import { commandAs } from './account.ts';
import type { PostgresHome } from './home.ts';
import { commandLine, identityOf, isAlive, type ProcessIdentity } from './processes.ts';
import { serverSettings } from './settings.ts';
import { waitFor } from './wait.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export interface RunningServer {
  postmaster: ProcessIdentity;
  port: number;
}

/** The live server of the cluster; null when there is none, whatever a killed one left in `postmaster.pid`. */
export function findServer(cluster: string): RunningServer | null {
  const lines = readPidFile(cluster);
  const pid = Number(lines?.[0]);
  const port = Number(lines?.[3]);
  if (!pid || !port) return null;
  const postmaster = identityOf(pid);
  // After a reboot the pid may be anybody's.
  if (!postmaster || !commandLine(pid)?.includes(cluster)) return null;
  return { postmaster, port };
}

/** Clears what a killed server left, starts one and returns when it takes connections. */
export async function startServer(home: PostgresHome, logPath: string, wanted: StartOptions): Promise<RunningServer> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  let port = wanted.port ?? wanted.lastPort ?? (await freePort('127.0.0.1'));
  for (;;) {
    const outcome = await tryStart(home, logPath, port, wanted);
    if (outcome.kind === 'running') return outcome.server;
    const canRetry = performance.now() < deadline;
    if (outcome.kind === 'port-taken' && wanted.port === undefined && canRetry) port = await freePort('127.0.0.1');
    // Back-ends of a killed server live on for a moment.
    else if (outcome.kind !== 'memory-in-use' || !canRetry) throw new DatabaseSetupError(whyNotStarted(outcome, port));
  }
}

export interface StartOptions {
  url(port: number): string;
  durable: boolean;
  /** Exactly this port, or an error. */
  port: number | undefined;
  /** The port of the last start, taken again when free. */
  lastPort: number | undefined;
}

type Attempt =
  | { kind: 'running'; server: RunningServer }
  | { kind: 'port-taken' }
  | { kind: 'memory-in-use' }
  | { kind: 'failed'; log: string };

async function tryStart(home: PostgresHome, logPath: string, port: number, options: StartOptions): Promise<Attempt> {
  rmSync(join(home.cluster, 'postmaster.pid'), { force: true });
  const settings = Object.entries(serverSettings(port, options.durable)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const command = commandAs(home.account, home.binaries.postgres, ['-D', home.cluster, ...settings]);
  const log = openSync(logPath, 'w');
  // Its own session: Ctrl-C in our terminal is for us, and we stop the server when we have finished with it.
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: home.folder,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended = false;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));

  const attempt = await waitFor<Attempt>(
    async () => {
      if (ended) return readFailure(logPath);
      const server = findServer(home.cluster);
      if (!server) return null;
      const health = await askHealth(options.url(port), home.cluster);
      return health.kind === 'healthy' ? { kind: 'running', server } : null;
    },
    { timeoutMs: START_TIMEOUT_MS },
  );
  if (attempt) child.unref();
  else child.kill('SIGQUIT');
  return attempt ?? { kind: 'failed', log: `it did not answer within ${START_TIMEOUT_MS / 1000} s` };
}

function readFailure(logPath: string): Attempt {
  const log = readFileSync(logPath, 'utf8');
  if (/could not bind|Address already in use|could not create any TCP/.test(log)) return { kind: 'port-taken' };
  if (/shared memory block|is still in use/.test(log)) return { kind: 'memory-in-use' };
  const lines = log.split('\n').filter((line) => /FATAL|PANIC|ERROR|error while|Permission/.test(line));
  return { kind: 'failed', log: (lines.at(-1) ?? log.trim().split('\n').at(-1) ?? '').trim() };
}

function whyNotStarted(outcome: Attempt, port: number): string {
  if (outcome.kind === 'port-taken') return `Port ${port} for Postgres is in use: free it, or choose another.`;
  if (outcome.kind === 'failed') return `Postgres did not start: ${outcome.log}`;
  return 'Postgres did not start: processes of a killed server still use its memory; end them and try again.';
}

/** What asking a server came to. `busy`: Postgres answered, and refused for the reason given. */
export type Health = { kind: 'healthy' } | { kind: 'busy'; reason: string } | { kind: 'silent' };

/** Asks whether the server of exactly this cluster serves at `url`; another may have taken its port. */
export async function askHealth(url: string, cluster: string): Promise<Health> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === cluster ? { kind: 'healthy' } : { kind: 'silent' };
  } catch (error) {
    return error instanceof pg.DatabaseError ? { kind: 'busy', reason: error.message } : { kind: 'silent' };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Fast shutdown: open transactions are rolled back, connections closed. A server that does not obey is ended. */
export async function stopServer({ postmaster }: RunningServer): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    send(postmaster, signal);
    if (await waitFor(() => (isAlive(postmaster) ? null : true), { timeoutMs: STOP_TIMEOUT_MS, everyMs: 10 })) return;
  }
  throw new DatabaseSetupError(`The Postgres server (pid ${postmaster.pid}) could not be stopped: end it by hand.`);
}

/** For a server that is alive and does not answer. Crash recovery at the next start repairs what it leaves. */
export async function killServer({ postmaster }: RunningServer): Promise<void> {
  send(postmaster, 'SIGKILL');
  await waitFor(() => (isAlive(postmaster) ? null : true), { timeoutMs: STOP_TIMEOUT_MS, everyMs: 10 });
}

function send(target: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return;
    if (errorCode(error) !== 'EPERM') throw error;
    throw new DatabaseSetupError(`The Postgres server (pid ${target.pid}) belongs to another user, who must stop it.`);
  }
}

function readPidFile(cluster: string): string[] | null {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
