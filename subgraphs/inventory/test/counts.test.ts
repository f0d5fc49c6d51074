import type { Viewer } from '@mercato/auth';
import type { Subgraph, SubgraphWorker } from '@mercato/subgraph-server';
import { askData, type TestDependencies, testDependencies } from '@mercato/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSubgraph } from '../src/subgraph.ts';
import { ended, firstRunEnded, listRuns, type Run, reconcile } from './reconciling.ts';
import { aKey, confirm, levelOf, manager, reserve, sql, staffCall, stockShop, type UserError } from './stock.ts';

let dependencies: TestDependencies;
let inventory: Subgraph;
let worker: SubgraphWorker;

beforeAll(async () => {
  dependencies = await testDependencies('inventory');
  inventory = await createSubgraph({ ...dependencies, holdSweepMs: 3_600_000, reconciliationEveryMs: 3_600_000 });
  worker = await inventory.startWorker();
  await firstRunEnded(inventory);
});
afterAll(async () => {
  await worker.stop();
  await inventory.close();
  await dependencies.close();
});

let n = 0;
let sku = '';
beforeEach(async () => {
  n += 1;
  sku = `SKU-${n}`;
  await stockShop(dependencies, { warehouses: ['MAIN', 'PARTNER'], stock: { [sku]: { MAIN: 100 } } });
});

interface Submitted {
  count: { id: string; status: string; lineCount: number } | null;
  userErrors: UserError[];
}

async function submit(input: Record<string, unknown>, viewer: Viewer = manager): Promise<Submitted> {
  const { stockCountSubmit } = await askData<{ stockCountSubmit: Submitted }>(
    inventory,
    `mutation ($input: StockCountSubmitInput!) { stockCountSubmit(input: $input) {
      count { id status lineCount } userErrors { ... on UserError { __typename message path } } } }`,
    { input: { warehouse: 'MAIN', countedAt: new Date().toISOString(), idempotencyKey: aKey(), ...input } },
    viewer,
  );
  return stockCountSubmit;
}

/** Sends a count in and waits for the run that compares it. */
async function count(counted: number, more: Record<string, unknown> = {}): Promise<Run> {
  const before = new Set((await listRuns(inventory)).map(({ id }) => id));
  const { userErrors } = await submit({ lines: [{ sku, counted }], ...more });
  expect(userErrors).toEqual([]);
  const run = (await listRuns(inventory)).find(({ id }) => !before.has(id));
  if (!run) throw new Error('The count started no run.');
  return ended(inventory, run.id);
}

const statusOf = async (id: string | undefined, viewer: Viewer = manager) => {
  const { stockCount } = await askData<{ stockCount: { status: string } | null }>(
    inventory,
    'query ($id: ID!) { stockCount(id: $id) { id status countedAt warehouse { code } } }',
    { id },
    viewer,
  );
  return stockCount?.status ?? null;
};

const resolve = (discrepancyId: string | undefined, resolution: string) =>
  staffCall<{ discrepancy: { resolution: string } | null; userErrors: UserError[] }>(
    inventory,
    'discrepancyResolve',
    'DiscrepancyResolveInput',
    'discrepancy { id resolution } userErrors { ... on UserError { __typename message path } }',
    { discrepancyId, resolution },
  );

test('a small difference is booked as a compensating movement', async () => {
  const run = await count(97);
  expect(run).toMatchObject({ trigger: 'COUNT', status: 'COMPLETED', progress: { scanned: 1, total: 1 } });
  expect(run.summary).toMatchObject({ counted: 1, healed: 1, pending: 0 });
  expect(run.discrepancies.nodes).toMatchObject([
    {
      kind: 'COUNT_MISMATCH',
      sku,
      expected: 100,
      actual: 97,
      difference: -3,
      cause: 'SHELF_DIFFERS',
      resolution: 'HEALED',
    },
  ]);
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 97 });
  expect(
    await sql(
      dependencies,
      `SELECT type, quantity, balance_after FROM stock_movement WHERE sku = $1 ORDER BY seq DESC LIMIT 1`,
      [sku],
    ),
  ).toEqual([{ type: 'COUNT', quantity: -3, balance_after: 97 }]);
  expect((await reconcile(inventory)).discrepancies.nodes).toEqual([]);
});

test('a large one waits: accepting books it, once', async () => {
  const run = await count(60);
  const [found] = run.discrepancies.nodes;
  expect(found).toMatchObject({ expected: 100, actual: 60, resolution: 'PENDING', resolvedAt: null });
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 100 });
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => resolve(found?.id, 'ACCEPT_COUNT')));
  expect(outcomes.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1);
  expect(outcomes.flatMap(({ userErrors }) => userErrors)[0]).toMatchObject({
    __typename: 'DiscrepancyAlreadyResolvedError',
  });
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 60 });
  expect((await reconcile(inventory)).discrepancies.nodes).toEqual([]);
});

test('a large one waits: keeping leaves the books', async () => {
  const run = await count(60);
  expect(await resolve(run.discrepancies.nodes[0]?.id, 'KEEP_SYSTEM')).toMatchObject({
    discrepancy: { resolution: 'KEEP_SYSTEM' },
  });
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 100 });
});

test('what moved after the count says nothing of what was on the shelf then', async () => {
  const countedAt = new Date().toISOString();
  await staffCall(inventory, 'stockReceive', 'StockReceiveInput', 'stockLevels { sku }', {
    warehouse: 'MAIN',
    lines: [{ sku, quantity: 50 }],
    idempotencyKey: aKey(),
  });
  expect((await count(98, { countedAt })).discrepancies.nodes).toMatchObject([{ expected: 100, actual: 98 }]);
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 148 });
});

test('a correction counts as of its count: the next one, of an instant between, finds nothing', async () => {
  const first = new Date().toISOString();
  const between = new Date(Date.now() + 5).toISOString();
  await count(97, { countedAt: first });
  expect((await count(97, { countedAt: between })).discrepancies.nodes).toEqual([]);
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 97 });
});

test('a newer count takes the place of a difference that waits', async () => {
  const [old] = (await count(60)).discrepancies.nodes;
  const [fresh] = (await count(62)).discrepancies.nodes;
  expect((await resolve(old?.id, 'ACCEPT_COUNT')).userErrors).toMatchObject([
    { __typename: 'DiscrepancyAlreadyResolvedError' },
  ]);
  await resolve(fresh?.id, 'ACCEPT_COUNT');
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 62 });
});

test('a count that a newer one has overtaken is rejected', async () => {
  const earlier = new Date(Date.now() - 1).toISOString();
  await count(100);
  const { count: late } = await submit({ lines: [{ sku, counted: 1 }], countedAt: earlier });
  await expect.poll(() => statusOf(late?.id), { timeout: 10_000 }).toBe('REJECTED');
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 100 });
});

test('a count may leave fewer than are promised, and says which orders go without', async () => {
  await reserve(inventory, { orderId: `early-${n}`, lines: [{ sku, quantity: 40 }] });
  await confirm(inventory, `early-${n}`);
  await reserve(inventory, { orderId: `late-${n}`, lines: [{ sku, quantity: 58 }] });
  const { discrepancies } = await count(96);
  expect(discrepancies.nodes).toMatchObject([
    { kind: 'COUNT_MISMATCH', resolution: 'HEALED' },
    { kind: 'SHORTAGE', expected: 98, actual: 96, resolution: 'PENDING', orderIds: [`late-${n}`] },
  ]);
  expect(await levelOf(inventory, sku)).toMatchObject({ onHand: 96, reserved: 98, available: -2 });
});

test('five thousand lines are compared', async () => {
  const lines = Array.from({ length: 4_999 }, (_, index) => ({ sku: `${sku}-${index}`, counted: index % 2 }));
  const run = await count(100, { lines: [{ sku, counted: 100 }, ...lines] });
  expect(run.progress).toEqual({ scanned: 5_000, total: 5_000 });
  expect(run.summary).toMatchObject({ counted: 2_499, healed: 2_499 });
});

test('a repeat with the key gives the first count; another input is refused', async () => {
  const input = { lines: [{ sku, counted: 100 }], idempotencyKey: aKey(), countedAt: new Date().toISOString() };
  const first = await submit(input);
  expect(first.count).toMatchObject({ status: 'SUBMITTED', lineCount: 1 });
  expect((await submit(input)).count?.id).toBe(first.count?.id);
  expect((await submit({ ...input, lines: [{ sku, counted: 1 }] })).userErrors).toMatchObject([
    { __typename: 'IdempotencyKeyReusedError' },
  ]);
});

test.each([
  ['the future', { countedAt: '2999-01-01T00:00:00Z' }, ['input', 'countedAt']],
  ['last year', { countedAt: new Date(Date.now() - 365 * 86_400_000).toISOString() }, ['input', 'countedAt']],
  ['more than any shelf holds', { lines: [{ sku: 'A', counted: 10_000_001 }] }, ['input', 'lines', '0', 'counted']],
  [
    'a sku twice',
    {
      lines: [
        { sku: 'A', counted: 1 },
        { sku: 'A', counted: 2 },
      ],
    },
    ['input', 'lines', '1', 'sku'],
  ],
  ['fewer than none', { lines: [{ sku: 'A', counted: -1 }] }, ['input', 'lines', '0', 'counted']],
  ['no lines', { lines: [] }, ['input', 'lines']],
])('a count of %s is refused by field', async (_what, input, path) => {
  const { userErrors } = await submit({ lines: [{ sku, counted: 1 }], ...input });
  expect(userErrors).toMatchObject([{ __typename: 'InvalidInputError', path }]);
});

test('a partner counts its own shelves only, and sees its own counts only', async () => {
  const partner: Viewer = { kind: 'partner', id: 'partner_1', scopes: ['inventory:count'] };
  await sql(dependencies, `UPDATE warehouse SET partner_id = 'partner_1' WHERE code = 'PARTNER'`);
  const lines = [{ sku, counted: 0 }];
  expect((await submit({ lines }, partner)).userErrors).toMatchObject([{ __typename: 'NotFoundError' }]);
  const own = await submit({ lines, warehouse: 'PARTNER' }, partner);
  expect(own.userErrors).toEqual([]);
  const foreign = await submit({ lines, warehouse: 'PARTNER' });
  expect(await statusOf(own.count?.id, partner)).not.toBeNull();
  expect(await statusOf(foreign.count?.id, partner)).toBeNull();
});
