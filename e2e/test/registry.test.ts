import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bareEnvironment } from '../src/environment.ts';
import { browse, type Load } from '../src/load.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

const patience = { timeout: 60_000 };
const root = join(import.meta.dirname, '../..');

/** `npm run subgraph -- inventory`, as at a terminal. */
interface Added {
  readonly command: ChildProcess;
  said(): string;
  /** Of the instance itself; another one once it was started again. */
  pid(): number | undefined;
}

function add(shop: SupergraphUnderTest, subgraph: string): Added {
  const args = ['--import', 'tsx', 'launcher/src/subgraph.ts', subgraph, '--data-dir', shop.dataDir];
  const command = spawn(process.execPath, args, {
    cwd: root,
    env: bareEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [command.stdout, command.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { command, said: () => output, pid: () => childOf(command.pid) };
}

function childOf(pid: number | undefined): number | undefined {
  try {
    const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], { encoding: 'utf8' });
    // The bundler's helper is a child too, for a moment.
    return listed.split('\n').flatMap((line) => (line.includes('/programs/') ? Number.parseInt(line, 10) : []))[0];
  } catch {
    // ps ends with 1 when there are none.
    return undefined;
  }
}

describe.each([
  { queue: 'postgres', where: 'a folder' },
  { queue: undefined, where: 'Redis' },
] as const)('a second instance of inventory, announced in $where', ({ queue }) => {
  let shop: SupergraphUnderTest;
  let added: Added;
  let handles: string[];
  beforeAll(async () => {
    shop = await startSupergraph({ topology: 'processes', queue });
    const { products } = await shop.guest.ask<{ products: { nodes: { handle: string }[] } }>('ProductList', {
      first: 40,
    });
    handles = products.nodes.map(({ handle }) => handle);
    added = add(shop, 'inventory');
    await vi.waitFor(() => expect(added.said()).toContain('answers at http://127.0.0.1:'), patience);
  });
  afterAll(async () => {
    added?.command.kill('SIGKILL');
    await shop?.stop();
  });

  const underLoad = async (happens: (more: (answers: number) => Promise<void>) => Promise<void>): Promise<string[]> => {
    const load: Load = browse(shop.guest, handles, 6);
    const more = async (answers: number) => {
      const enough = load.answered + answers;
      await expect.poll(() => load.answered, patience).toBeGreaterThan(enough);
    };
    try {
      await more(30);
      await happens(more);
    } catch (error) {
      await load.stop();
      throw error;
    }
    return load.stop();
  };

  test('serves alone while the first one is killed, and no query fails', async () => {
    const failures = await underLoad(async (more) => {
      await shop.service('inventory').kill('SIGKILL');
      await more(150);
      await shop.service('inventory').start();
      await more(50);
    });
    expect(failures).toEqual([]);
  });

  test('serves alone while the first one hangs, and no query fails', async () => {
    const { pid } = shop.service('inventory');
    expect(pid).toBeDefined();
    const failures = await underLoad(async (more) => {
      process.kill(pid ?? 0, 'SIGSTOP');
      try {
        await more(100);
      } finally {
        process.kill(pid ?? 0, 'SIGCONT');
      }
      await more(50);
    });
    expect(failures).toEqual([]);
  });

  test('is killed itself, and no query fails; it is started again', async () => {
    const first = added.pid();
    expect(first).toBeDefined();
    const failures = await underLoad(async (more) => {
      process.kill(first ?? 0, 'SIGKILL');
      await more(150);
      await expect.poll(() => added.pid(), { timeout: 30_000 }).not.toBe(first);
    });
    expect(failures).toEqual([]);
  });

  test('is withdrawn with Ctrl-C, and no query fails', async () => {
    const failures = await underLoad(async (more) => {
      const exit = once(added.command, 'exit');
      added.command.kill('SIGINT');
      expect(await exit).toEqual([0, null]);
      await more(50);
    });
    expect(failures).toEqual([]);
    expect(added.said()).toContain('Withdrawing');
    expect(added.pid()).toBeUndefined();
  });

  test('another subgraph than there is, is told so', async () => {
    const { command, said } = add(shop, 'warehouse');
    expect(await once(command, 'exit')).toEqual([1, null]);
    expect(said()).toBe(
      'There is no subgraph warehouse: name products, inventory, cart, checkout, shipping, content.\n',
    );
  });
});
