import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importCatalog, importQueue, tendImports } from '../src/jobs/definitions.ts';
import { finished, readImport, startImport, tryToImport } from './support/imports.ts';
import { openShop, type Shop } from './support/shop.ts';

let shop: Shop;
let worker: { stop(): Promise<void> } | undefined;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(async () => {
  await worker?.stop();
  await shop.close();
});

const csv = (handle: string) => `Handle,Title,Variant Price\n${handle},A thing,1.00\n`;

/** Where the file of an import lies. */
async function fileOf(importId: string): Promise<{ path: string; uploadId: string }> {
  const [row] = await shop.sql<{ upload_id: string }>('SELECT upload_id FROM catalog_import WHERE id = $1', [importId]);
  const uploadId = row?.upload_id ?? '';
  return { path: join(shop.storageDir, 'uploads', uploadId), uploadId };
}

test('an import whose file vanished before it ran fails and says so', async () => {
  const id = await startImport(shop, { data: csv('vanished') });
  const { path, uploadId } = await fileOf(id);
  await rm(path);
  worker ??= await shop.subgraph.startWorker();

  const failed = await finished(shop, id);
  expect(failed).toMatchObject({ status: 'FAILED', created: 0, errors: { totalCount: 1, nodes: [{ line: 1 }] } });
  expect(failed.errors.nodes[0]?.message).toContain('no longer in the storage; upload it again');
  expect(failed.finishedAt).not.toBeNull();
  await expect.poll(async () => (await shop.queues.find(importQueue, id))?.state).toBe('completed');

  // To start another one from it is refused at once.
  const { userErrors } = await tryToImport(shop, { uploadId });
  expect(userErrors).toMatchObject([{ __typename: 'UnreadableFileError', path: ['input', 'uploadId'], line: null }]);
});

test('an import whose job was tried in vain fails, and goes on when its job is retried', async () => {
  await worker?.stop();
  const id = await startImport(shop, { data: csv('tried-in-vain') });
  const { path } = await fileOf(id);
  const content = await readFile(path);
  // A folder where the file should be: a fault that no attempt gets past, and that is not the file's.
  await rm(path);
  await mkdir(path);
  await onlyOneAttempt(id);
  worker = await shop.subgraph.startWorker();
  await expect.poll(async () => (await shop.queues.find(importQueue, id))?.state, { timeout: 20_000 }).toBe('failed');
  expect(await readImport(shop, id)).toMatchObject({ status: 'RUNNING', finishedAt: null });

  await shop.sql("UPDATE catalog_import SET created_at = now() - interval '2 minutes' WHERE id = $1", [id]);
  await shop.queues.add(tendImports, {});
  const failed = await finished(shop, id);
  expect(failed).toMatchObject({ status: 'FAILED', created: 0, errors: { totalCount: 1 } });
  expect(failed.errors.nodes[0]).toMatchObject({ line: 1, column: null, value: null });
  expect(failed.errors.nodes[0]?.message).toContain('a fault of the service, not of the file');
  expect(failed.finishedAt).not.toBeNull();

  await rmdir(path);
  await writeFile(path, content);
  expect(await shop.queues.retryFailed(importQueue, [id])).toBe(1);
  await expect.poll(async () => (await readImport(shop, id)).status, { timeout: 20_000 }).toBe('COMPLETED');
  expect(await readImport(shop, id)).toMatchObject({ created: 1, rejected: 0, errors: { totalCount: 0 } });
});

/** The import's job again, with one attempt only: all of them take two minutes. */
async function onlyOneAttempt(importId: string): Promise<void> {
  const [queue] = shop.queues.bullQueues([importQueue]);
  const job = await queue?.getJob(importId);
  await job?.remove();
  await queue?.add(importCatalog.name, { importId }, { jobId: importId, attempts: 1 });
}
