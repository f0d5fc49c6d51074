import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { bundleProgram } from '@mercato/bundle';
import { emptyTestDatabase, signerOf } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openStorage } from '../src/domain/storage/storage.ts';
import { finished, startImport, tryToImport } from './support/imports.ts';
import { editor, openShop, type Shop, shopper } from './support/shop.ts';

let shop: Shop;
let server: { url: string; close(): Promise<void> };
beforeAll(async () => {
  shop = await openShop();
  server = await shop.subgraph.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await server.close();
  await shop.close();
});

const header =
  'Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price\n';
const row = (n: number) => {
  const isFirst = n % 3 === 0;
  const product = Math.floor(n / 3);
  const about = isFirst
    ? `Bench ${product},"<p>Made of <b>oak</b>, no. ${product}</p>",Vendor ${product % 7},Type ${product % 9},Size`
    : ',,,,';
  return `bench-${product},${about},${'SML'[n % 3]},B-${n},${n % 5},${n % 50}.99\n`;
};
function* file(rows: number): Generator<Buffer> {
  yield Buffer.from(header);
  for (let n = 0; n < rows; n += 100) yield Buffer.from(Array.from({ length: 100 }, (_, m) => row(n + m)).join(''));
}

async function upload(content: Iterable<Buffer>, viewer = editor) {
  const authorization = `Bearer ${await signerOf('router').sign('products', viewer)}`;
  const response = await fetch(new URL('/uploads/catalog', server.url), {
    method: 'POST',
    headers: { authorization, 'content-type': 'text/csv' },
    body: Readable.toWeb(Readable.from(content)),
    duplex: 'half',
  });
  const body = z
    .object({ uploadId: z.string() })
    .partial()
    .parse(await response.json());
  return { status: response.status, body };
}

const state = async () =>
  (
    await shop.sql(`SELECT (SELECT count(*)::int FROM product) AS products, (SELECT count(*)::int FROM product_variant) AS variants,
      (SELECT count(*)::int FROM outbox_event WHERE name = 'product.created') AS created,
      (SELECT count(*)::int FROM outbox_event WHERE name = 'product.updated') AS updated,
      (SELECT sum(jsonb_array_length(payload->'lines'))::int FROM outbox_event WHERE name = 'openingStock.imported') AS stocked`)
  )[0];

const program = await bundleProgram('subgraphs/products/test/support/worker-process.ts');

/** A worker in a process and on a queue of its own. */
async function startWorkerProcess(importId: string) {
  const queue = await emptyTestDatabase('queue');
  const args = [shop.databaseUrl, queue.url, shop.storageDir, importId];
  const child = fork(program, args);
  return {
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      await queue.drop();
    },
  };
}

test('a worker that is killed in the middle leaves what one undisturbed run leaves', async () => {
  const rows = 6_000;
  const { status, body } = await upload(file(rows));
  expect(status).toBe(201);
  const id = await startImport(shop, { uploadId: body.uploadId, warehouse: 'MAIN' });
  const processed = async () =>
    (await shop.sql<{ processed: number }>('SELECT processed FROM catalog_import WHERE id = $1', [id]))[0]?.processed ??
    0;

  for (const atLeast of [1, 2_500]) {
    const worker = await startWorkerProcess(id);
    await expect.poll(processed, { timeout: 90_000, interval: 10 }).toBeGreaterThanOrEqual(atLeast);
    await worker.kill();
  }
  expect(await processed()).toBeLessThan(rows);

  const worker = await shop.subgraph.startWorker();
  expect(await finished(shop, id)).toMatchObject({
    status: 'COMPLETED',
    created: rows / 3,
    updated: 0,
    rejected: 0,
    progress: { processed: rows, total: rows },
  });
  const zeroes = rows / 5;
  const expected = { products: rows / 3, variants: rows, created: rows / 3, updated: 0, stocked: rows - zeroes };
  expect(await state()).toEqual(expected);

  // And once more, the same file: nothing.
  const again = await startImport(shop, { uploadId: body.uploadId, warehouse: 'MAIN' });
  expect(await finished(shop, again)).toMatchObject({ created: 0, updated: 0, rejected: 0 });
  expect(await state()).toEqual(expected);
  await worker.stop();
}, 300_000);

test('a file in Latin 1 is refused with its line, before anything changes', async () => {
  const content = [
    Buffer.from(header),
    Buffer.from(row(90_000)),
    Buffer.from('caf\u00e9,Caf\u00e9,,,,,,,,1.00\n', 'latin1'),
  ];
  const { body } = await upload(content);
  const { userErrors } = await tryToImport(shop, { uploadId: body.uploadId });
  expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', path: ['input', 'uploadId'], line: 3 }]);
});

test('a file in UTF-16 is refused', async () => {
  const { body } = await upload([Buffer.from(`\uFEFF${header}`, 'utf16le')]);
  const { userErrors } = await tryToImport(shop, { uploadId: body.uploadId });
  expect(userErrors[0]?.message).toContain('UTF-16');
});

test('letters of several bytes may be cut by any chunk', async () => {
  const text = Buffer.from(`${header}crème-brûlée,Crème brûlée 🍮,,,,,,,,1.00\n`.replace('crème-brûlée,', 'creme,'));
  const bytes = [...text].map((byte) => Buffer.from([byte]));
  const { body } = await upload(bytes);
  const worker = await shop.subgraph.startWorker();
  expect(await finished(shop, await startImport(shop, { uploadId: body.uploadId }))).toMatchObject({ created: 1 });
  expect(await shop.data('{ product(handle: "creme") { title } }')).toEqual({ product: { title: 'Crème brûlée 🍮' } });
  await worker.stop();
});

test('a file that is too large to be checked at once fails as a whole, with its line', async () => {
  const huge = function* () {
    yield* file(100);
    yield Buffer.from(`big,Big,"${'x'.repeat(1024 * 1024)}",,,,,,,1.00\n`.repeat(33));
    yield Buffer.from('cut,"Cut');
  };
  const before = await state();
  const { body } = await upload(huge());
  const worker = await shop.subgraph.startWorker();
  const failed = await finished(shop, await startImport(shop, { uploadId: body.uploadId }));
  expect(failed).toMatchObject({ status: 'FAILED', created: 0, errors: { totalCount: 1, nodes: [{ line: 135 }] } });
  expect(failed.errors.nodes[0]?.message).toContain('cut short');
  expect(await state()).toEqual(before);
  await worker.stop();
});

test('only those who may write the catalog upload, and no more than is allowed', async () => {
  expect((await upload([Buffer.from('a')], shopper)).status).toBe(401);
  expect((await upload([Buffer.from('a')], { ...editor, scopes: ['catalog:read'] })).status).toBe(403);
  const storage = openStorage(shop.storageDir);
  await expect(storage.saveUpload('upload_x', Readable.from([Buffer.alloc(11)]), 10)).rejects.toThrow(
    'More than 10 bytes',
  );
});
