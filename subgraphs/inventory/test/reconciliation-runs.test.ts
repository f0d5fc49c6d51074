import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { askData, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import { ended, findRun, reconcile, startRun } from './reconciling.ts';
import { levelOf, manager, sql, stockShop } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph({ ...dependencies, reconciliationEveryMs: 3_600_000 });
  await stockShop(dependencies, {
    warehouses: ['MAIN', 'EAST'],
    stock: { A: { MAIN: 10, EAST: 10 }, B: { MAIN: 10, EAST: 10 } },
  });
});
afterAll(async () => {
  await inventory.close();
  await dependencies.close();
});

const cancel = async (runId: string) => {
  const { reconciliationCancel } = await askData<{
    reconciliationCancel: { run: { status: string } | null; userErrors: { __typename: string }[] };
  }>(
    inventory,
    `mutation ($input: ReconciliationCancelInput!) { reconciliationCancel(input: $input) {
      run { status } userErrors { ... on UserError { __typename message path } } } }`,
    { input: { runId } },
    manager,
  );
  return reconciliationCancel;
};

test('of many who start at once over the same stock one gets a run, the others learn which', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => startRun(inventory)));
  const [started] = answers.flatMap(({ run }) => run ?? []);
  expect(answers.filter(({ run }) => run)).toHaveLength(1);
  const refused = answers.flatMap(({ userErrors }) => userErrors);
  expect(refused).toHaveLength(9);
  for (const error of refused) {
    expect(error).toMatchObject({ __typename: 'ReconciliationAlreadyRunningError', run: { id: started?.id } });
  }
  expect(await findRun(inventory, started?.id ?? '')).toMatchObject({
    status: 'QUEUED',
    trigger: 'STAFF',
    startedAt: null,
  });

  expect(await cancel(started?.id ?? '')).toMatchObject({ run: { status: 'CANCELLED' }, userErrors: [] });
  expect(await cancel(started?.id ?? '')).toMatchObject({ run: { status: 'CANCELLED' }, userErrors: [] });
  expect((await cancel('reconciliation_run_none')).userErrors).toMatchObject([{ __typename: 'NotFoundError' }]);
});

test('runs over different stock stand beside each other', async () => {
  const main = await startRun(inventory, { warehouse: 'MAIN' });
  const east = await startRun(inventory, { warehouse: 'EAST' });
  const clash = await startRun(inventory, { skus: ['A'] });
  expect([main.userErrors, east.userErrors]).toEqual([[], []]);
  expect(clash.userErrors).toMatchObject([{ __typename: 'ReconciliationAlreadyRunningError' }]);
  for (const { run } of [main, east]) await cancel(run?.id ?? '');
  expect((await startRun(inventory, { warehouse: 'NOWHERE' })).userErrors).toMatchObject([
    { __typename: 'NotFoundError' },
  ]);
});

test('a scope heals its own part and nothing else; a cancelled run is not carried out', async () => {
  const { run: cancelled } = await startRun(inventory);
  await cancel(cancelled?.id ?? '');
  const worker: SubgraphWorker = await inventory.startWorker();
  try {
    await noRunIsAtWork();
    await sql(dependencies, 'UPDATE stock_level SET on_hand = 99');
    const run = await reconcile(inventory, { warehouse: 'MAIN', skus: ['A'] });
    expect(run).toMatchObject({ progress: { scanned: 1, total: 1 }, summary: { recomputed: 1, healed: 1 } });
    expect(await levelOf(inventory, 'A')).toMatchObject({ onHand: 10 });
    expect(await levelOf(inventory, 'A', 'EAST')).toMatchObject({ onHand: 99 });
    expect(await levelOf(inventory, 'B')).toMatchObject({ onHand: 99 });

    expect((await reconcile(inventory)).summary).toMatchObject({ recomputed: 3 });
    expect(await findRun(inventory, cancelled?.id ?? '')).toMatchObject({
      status: 'CANCELLED',
      progress: { scanned: 0 },
    });
    expect((await cancel(run.id)).userErrors).toMatchObject([{ __typename: 'InvalidInputError' }]);
  } finally {
    await worker.stop();
  }
});

test('a run whose job the queue lost is taken up by the timetable', async () => {
  const { run } = await startRun(inventory);
  // As if its job had vanished with the queue: the run alone is left, and old.
  await sql(dependencies, `UPDATE reconciliation_run SET updated_at = now() - interval '5 minutes' WHERE id = $1`, [
    run?.id,
  ]);
  const other = await createSubgraph({ ...dependencies, reconciliationEveryMs: 200 });
  const worker = await other.startWorker();
  try {
    expect((await ended(inventory, run?.id ?? '')).status).toBe('COMPLETED');
  } finally {
    await worker.stop();
    await other.close();
  }
});

/** The timetable's first run begins with the worker: it has to be over before others may begin. */
async function noRunIsAtWork() {
  await expect
    .poll(
      async () => sql(dependencies, `SELECT DISTINCT status::text FROM reconciliation_run WHERE trigger = 'SCHEDULE'`),
      {
        timeout: 20_000,
      },
    )
    .toEqual([{ status: 'COMPLETED' }]);
}
