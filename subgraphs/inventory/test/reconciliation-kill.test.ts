import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { generateKey } from '@mercato/auth';
import { bundleProgram } from '@mercato/bundle';
import { connectQueues, type Queues } from '@mercato/queue';
import type { Subgraph } from '@mercato/subgraph-server';
import {
  emptyTestDatabase,
  type TestDatabase,
  type TestDependencies,
  testDependencies,
  testLogger,
} from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import { ended, findRun, startRun } from './reconciling.ts';
import { sql, stockShop } from './stock.ts';

const levels = 4_000;
const root = join(import.meta.dirname, '../../..');

let dependencies: TestDependencies;
let queueDatabase: TestDatabase;
let queues: Queues;
let inventory: Subgraph;
const children: ChildProcess[] = [];

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  queueDatabase = await emptyTestDatabase('queue');
  queues = await connectQueues({ kind: 'postgres', url: queueDatabase.url }, { logger: testLogger('inventory') });
  inventory = await createSubgraph({ ...dependencies, queues });
  await stockShop(dependencies, {
    stock: Object.fromEntries(
      Array.from({ length: levels }, (_, n) => [`SKU-${String(n).padStart(5, '0')}`, { MAIN: 3 }]),
    ),
  });
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await inventory.close();
  await queues.close();
  await queueDatabase.drop();
  await dependencies.close();
});

const program = await bundleProgram('subgraphs/inventory/src/main.ts');

/** A worker as it runs in production, in small chunks so that it can be met in the middle. */
async function aWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      DATABASE_URL: dependencies.databaseUrl,
      QUEUE_DATABASE_URL: queueDatabase.url,
      TRUSTED_KEYS: '{}',
      SIGNING_KEY: JSON.stringify(generateKey()),
      ROLE: 'worker',
      LOG_LEVEL: 'fatal',
      RECONCILIATION_CHUNK: '20',
      RECONCILIATION_EVERY_MS: '86400000',
    },
  });
  children.push(child);
  await once(child, 'message');
  return child;
}

test('a run whose worker is killed goes on where it was, and counts everything once', async () => {
  await sql(dependencies, 'UPDATE stock_level SET on_hand = on_hand + 1 WHERE right(sku, 2) = $1', ['07']);
  const { run } = await startRun(inventory);
  if (!run) throw new Error('No run was started.');

  const first = await aWorker();
  await expect
    .poll(async () => (await findRun(inventory, run.id))?.progress.scanned ?? 0, { timeout: 30_000, interval: 5 })
    .toBeGreaterThan(200);
  first.kill('SIGKILL');
  await once(first, 'exit');
  const halfway = await findRun(inventory, run.id);
  expect(halfway?.status).toBe('RUNNING');
  expect(halfway?.progress.scanned).toBeLessThan(levels);

  await aWorker();
  const done = await ended(inventory, run.id, 60_000);
  expect(done).toMatchObject({ status: 'COMPLETED', progress: { scanned: levels, total: levels } });
  expect(done.summary).toMatchObject({ recomputed: levels / 100, healed: levels / 100 });
  expect(done.discrepancies.totalCount).toBe(levels / 100);

  const { run: again } = await startRun(inventory);
  expect((await ended(inventory, again?.id ?? '', 60_000)).summary).toMatchObject({ recomputed: 0, healed: 0 });
}, 180_000);
