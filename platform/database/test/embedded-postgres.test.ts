import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ensurePostgres, type Postgres } from '../src/index.ts';
import { end, type Started, startProgram } from './processes/spawn.ts';

const quiet = { info: () => undefined, warn: () => undefined };
const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

let folder: string;
let running: Postgres[];
let programs: Started[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mercato-database-'));
  running = [];
  programs = [];
});

afterEach(async () => {
  for (const { child } of programs) await end(child, 'SIGKILL');
  for (const postgres of running) await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(dataDir = folder, port?: number): Promise<Postgres> {
  const options = port === undefined ? {} : { port };
  const postgres = await ensurePostgres({ dataDir, logger: quiet, durable: false, ...options });
  running.push(postgres);
  return postgres;
}

async function inAnotherProcess(...args: string[]): Promise<Started> {
  const started = await startProgram('use-postgres.ts', args);
  programs.push(started);
  return started;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

const isUp = (url: string) =>
  ask(url, 'SELECT 1').then(
    () => true,
    () => false,
  );

const serverPid = (dataDir = folder) =>
  Number(readFileSync(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('a server of its own', () => {
  test('takes connections on this machine alone, with a password only its owner can read', async () => {
    const { url, adopted } = await start();

    expect(adopted).toBe(false);
    expect(await ask(url, 'SHOW listen_addresses')).toBe('127.0.0.1');
    expect(await ask(url, 'SHOW max_connections')).toBe('300');
    expect(await ask(url, 'SHOW fsync')).toBe('off');
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600);
    const withoutPassword = new URL(url);
    withoutPassword.password = 'wrong';
    await expect(ask(withoutPassword.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  test('is durable unless a test gives that up', async () => {
    const postgres = await ensurePostgres({ dataDir: folder, logger: quiet });
    running.push(postgres);

    expect(await ask(postgres.url, 'SHOW fsync')).toBe('on');
    expect(await ask(postgres.url, 'SHOW synchronous_commit')).toBe('on');
  });

  test('knows letters beyond ASCII and has the extensions the shop searches with', async () => {
    const { url } = await start();

    expect(await ask(url, "SELECT lower('ÀÉÎ')")).toBe('àéî');
    await ask(url, 'CREATE EXTENSION pg_trgm');
    expect(await ask(url, "SELECT show_trgm('éà')::text")).not.toBe('{}');
    await ask(url, 'CREATE EXTENSION unaccent');
    expect(await ask(url, "SELECT unaccent('café')")).toBe('cafe');
  });

  test('keeps data and port over a restart', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await isUp(first.url)).toBe(false);

    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'SELECT answer FROM kept')).toBe(42);
  });

  test('lives in a path with spaces, longer than a socket path may be', async () => {
    const deep = join(folder, 'a folder with spaces', 'x'.repeat(120));

    expect(await ask((await start(deep)).url, 'SELECT 1')).toBe(1);
  });

  test('is not kept waiting by a port that somebody took meanwhile', async () => {
    const first = await start();
    await first.stop();
    const other = join(folder, 'other');
    const thief = await start(other, Number(new URL(first.url).port));

    const second = await start();
    expect(await ask(second.url, 'SELECT 1')).toBe(1);
    expect(new URL(second.url).port).not.toBe(new URL(thief.url).port);
  });
});

describe('after a kill', () => {
  test('the server that survived kill -9 of its starter is adopted, and stopped by its new owner', async () => {
    const { child, said } = await inAnotherProcess(folder);
    await end(child, 'SIGKILL');
    expect(await isUp(String(said.url))).toBe(true);

    const postgres = await start();
    expect(postgres).toMatchObject({ adopted: true, url: said.url });
    await postgres.stop();
    expect(await isUp(postgres.url)).toBe(false);
  });

  test('a killed server is started again with what was committed', async () => {
    const { child, said } = await inAnotherProcess(folder, 'durable');
    await ask(String(said.url), 'CREATE TABLE kept AS SELECT 42 AS answer');
    process.kill(serverPid(), 'SIGKILL');
    await end(child, 'SIGKILL');

    const postgres = await start();
    expect(postgres.adopted).toBe(false);
    expect(await ask(postgres.url, 'SELECT answer FROM kept')).toBe(42);
  });

  test('a postmaster.pid that names a process which is not Postgres is cleared', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(folder, 'cluster', 'postmaster.pid'), `${process.pid}\n/nowhere\n0\n1\n\n127.0.0.1\n\nready\n`);

    expect(await ask((await start()).url, 'SELECT 1')).toBe(1);
  });

  test('a lock and a half-made cluster of a dead process are in nobody’s way', async () => {
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 4_000_000, startedAt: '1' }));
    mkdirSync(join(folder, 'cluster.new', 'base'), { recursive: true });

    expect(await ask((await start()).url, 'SELECT 1')).toBe(1);
  });
});

describe('shared', () => {
  test('six starters at once get one server', async () => {
    const started = await Promise.all(Array.from({ length: 6 }, () => inAnotherProcess(folder)));

    expect(new Set(started.map(({ said }) => said.url)).size).toBe(1);
    expect(started.filter(({ said }) => said.adopted === false)).toHaveLength(1);
  });

  test('whoever leaves first takes nothing away from the others; the last one stops it', async () => {
    const one = await inAnotherProcess(folder);
    const two = await inAnotherProcess(folder);
    const url = String(one.said.url);

    await end(one.child, 'leave');
    expect(await isUp(url)).toBe(true);
    await end(two.child, 'leave');
    expect(await isUp(url)).toBe(false);
  });

  test('a server that hangs is ended and started again', async () => {
    const { child } = await inAnotherProcess(folder);
    const hung = serverPid();
    process.kill(hung, 'SIGSTOP');
    await end(child, 'SIGKILL');

    const postgres = await start();
    expect(postgres.adopted).toBe(false);
    expect(serverPid()).not.toBe(hung);
  }, 90_000);
});

describe('what cannot work is said in one sentence', () => {
  const sentence = /^DatabaseSetupError: [^\n]+$/;

  test('a folder that cannot be made', async () => {
    const { said } = await inAnotherProcess('/dev/null/data');

    expect(said.error).toMatch(sentence);
    expect(said.error).toContain('/dev/null/data');
  });

  test('a port that is demanded and taken', async () => {
    const first = await start(join(folder, 'first'));
    const port = Number(new URL(first.url).port);

    await expect(start(join(folder, 'second'), port)).rejects.toThrow(`Port ${port} for Postgres is in use`);
  });

  test.runIf(isRoot)('a folder of root’s, for another user', async () => {
    chmodSync(folder, 0o755);
    const { said } = await startProgram('use-postgres.ts', [join(folder, 'data')], NOBODY);

    expect(said.error).toMatch(sentence);
    expect(said.error).toContain('make it writable');
  });
});

describe.runIf(isRoot)('users', () => {
  test('root under a folder closed to others: nothing is copied and the data stay where they were asked for', async () => {
    chmodSync(folder, 0o700);
    const data = join(folder, 'data');

    const { url } = await start(data);
    expect(await ask(url, 'SHOW data_directory')).toBe(join(data, 'cluster'));
  });

  test('root without user namespaces: an unprivileged user serves, from where it can reach', async () => {
    chmodSync(folder, 0o700);
    const { child, said } = await inAnotherProcess(folder, 'user');
    expect(said).toMatchObject({ adopted: false });
    const cluster = String(await ask(String(said.url), 'SHOW data_directory'));
    expect(cluster).toBe(join(readFileSync(join(folder, 'location'), 'utf8'), 'cluster'));
    expect(statSync(cluster).uid).not.toBe(0);
    await end(child, 'leave');

    const again = await inAnotherProcess(folder, 'user');
    expect(await ask(String(again.said.url), 'SHOW data_directory')).toBe(cluster);
    await end(again.child, 'leave');
    rmSync(join(cluster, '..'), { recursive: true });
  });

  test('an ordinary user', async () => {
    chmodSync(folder, 0o777);
    const started = await startProgram('use-postgres.ts', [join(folder, 'data')], NOBODY);
    programs.push(started);

    expect(await ask(String(started.said.url), 'SELECT 1')).toBe(1);
    expect(statSync(join(folder, 'data', 'cluster')).uid).toBe(NOBODY);
    await end(started.child, 'leave');
  });

  test('a user without a name, as containers have', async () => {
    chmodSync(folder, 0o777);
    const started = await startProgram('use-postgres.ts', [join(folder, 'data')], 54_321);
    programs.push(started);

    expect(await ask(String(started.said.url), 'SELECT 1')).toBe(1);
    await end(started.child, 'leave');
  });
});
