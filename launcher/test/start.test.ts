import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@mercato/ports';
import { afterAll, describe, expect, test } from 'vitest';
import { holdDataFolder } from '../src/data-folder.ts';
import { inheritedEnvironment, root } from '../src/environment.ts';

const parent = mkdtempSync(join(tmpdir(), 'mercato start-'));
const processesFolder = join(parent, 'processes with spaces');
const graphFolder = join(parent, 'another graph');
const launchers: ChildProcess[] = [];
afterAll(async () => {
  for (const child of launchers)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL') && (await once(child, 'exit'));
  // What a test that failed left running there.
  for (const folder of [processesFolder, graphFolder]) {
    if (!existsSync(folder)) continue;
    const held = await holdDataFolder(folder);
    await held.erase();
    held.release();
  }
  rmSync(parent, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  /** All that it has said so far. */
  said(): string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

/** `npm start` without its preparations. */
function start(args: readonly string[], environment: Record<string, string> = {}): Started {
  const ours = [
    'DATABASE_URL',
    'REDIS_URL',
    'PORT',
    'MERCATO_DATA_DIR',
    'SUPERGRAPH_FILE',
    'APOLLO_KEY',
    'APOLLO_GRAPH_REF',
  ];
  const inherited = Object.entries(inheritedEnvironment()).filter(([name]) => !ours.includes(name));
  const child = spawn(process.execPath, ['--import', 'tsx', 'launcher/src/main.ts', ...args], {
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  launchers.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  return { child, said: () => output, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

const aFolder = (name: string): string => join(parent, name);

const childrenOf = (pid: number | undefined): number[] => {
  try {
    const listed = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return listed.split('\n').map(Number).filter(Boolean);
  } catch {
    // ps ends with 1 when there are none.
    return [];
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('what cannot work is told in one sentence', () => {
  test('a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { ended, said } = start(['--port', String(port), '--data-dir', aFolder('port')]);
    expect(await ended).toBe(1);
    expect(said().trim()).toBe(`Port ${port} is in use: stop what listens there, or choose another with --port.`);
    server.close();
  });

  test('a database that cannot be reached', async () => {
    const port = await freePort('127.0.0.1');
    const { ended, said } = start(['--port', '0', '--data-dir', aFolder('unreachable')], {
      DATABASE_URL: `postgresql://u:secret@127.0.0.1:${port}/postgres`,
    });
    expect(await ended).toBe(1);
    expect(said().trim()).toMatch(/^Postgres at 127\.0\.0\.1:\d+ cannot be reached .*correct DATABASE_URL\.$/);
    expect(said()).not.toContain('secret');
  });

  test('a folder that cannot be written', async () => {
    writeFileSync(aFolder('file'), '');
    const { ended, said } = start(['--port', '0', '--data-dir', join(aFolder('file'), 'data')]);
    expect(await ended).toBe(1);
    expect(said().trim().split('\n')).toHaveLength(1);
    expect(said()).toContain('cannot be written');
  });

  test('a supergraph that is none', { timeout: 120_000 }, async () => {
    const file = aFolder('garbage.graphql');
    writeFileSync(file, 'type Query {');
    const { ended, said } = start(['--port', '0', '--no-seed', '--data-dir', graphFolder], { SUPERGRAPH_FILE: file });
    expect(await ended).toBe(1);
    expect(said()).toMatch(/^The supergraph cannot be served: Syntax Error/m);
    expect(said()).not.toContain('    at ');
  });

  test('a flag that does not exist', async () => {
    const { ended, said } = start(['--prot', '1']);
    expect(await ended).toBe(1);
    expect(said()).toContain('--prot');
  });
});

test('as processes: a second start is refused; after kill -9 all end by themselves and the next start recovers; Ctrl-C leaves nothing', {
  timeout: 240_000,
}, async () => {
  const dataDir = processesFolder;
  const port = await freePort('127.0.0.1');
  const args = ['--processes', '--no-seed', '--port', String(port), '--data-dir', dataDir];

  const first = start(args);
  await untilReady(first);
  const second = start(['--reset', '--port', '0', '--data-dir', dataDir]);
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain('Another start uses the data folder');

  const children = childrenOf(first.child.pid);
  const isService = (pid: number) => /programs\/.*\.mjs/.test(commandOf(pid));
  const services = children.filter(isService);
  expect(services.length).toBeGreaterThanOrEqual(12);
  first.child.kill('SIGKILL');
  // Postgres and Redis stay, each in a session of its own, for the next start to adopt.
  await expect.poll(() => services.filter(isAlive), { timeout: 30_000 }).toEqual([]);

  const third = start(args);
  await untilReady(third);
  const { status } = await fetch(`http://127.0.0.1:${port}/health/ready`);
  expect(status).toBe(200);
  const again = childrenOf(third.child.pid);
  third.child.kill('SIGINT');
  expect(await third.ended).toBe(0);
  expect(again.filter(isAlive)).toEqual([]);
  expect(existsSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'))).toBe(false);

  async function untilReady({ child, said }: Started): Promise<void> {
    const isOver = () => child.exitCode !== null || said().includes('Mercato is ready.');
    await expect.poll(isOver, { timeout: 90_000 }).toBe(true);
    expect(said()).toContain('Mercato is ready.');
  }
});

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
