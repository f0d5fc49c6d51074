import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@mercato/telemetry';
import { afterEach, expect, test } from 'vitest';
import { addInstance } from '../src/add-instance.ts';
import { holdDataFolder } from '../src/data-folder.ts';
import { forgetLastRun, readRunning, recordRunning } from '../src/running-system.ts';
import { reachedAt } from '../src/topology/definitions.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mercato-add-'));
  folders.push(folder);
  return folder;
}

const inventory = { name: 'inventory', entry: 'subgraphs/inventory/src/main.ts', environment: { ROLE: 'api' } };
const worker = { ...inventory, name: 'inventory-worker', environment: { ROLE: 'worker' } };

test('where nothing runs, it is said so', async () => {
  const folder = aFolder();
  // What a start that was killed leaves there.
  recordRunning(folder, '127.0.0.1', [inventory]);
  await expect(addInstance(folder, 'inventory', logger)).rejects.toThrow(
    `Nothing runs in the data folder ${folder}: start it with npm start -- --processes, or name another with --data-dir.`,
  );
});

test('what runs in one process, or is not ready, takes none', async () => {
  const folder = aFolder();
  const held = await holdDataFolder(folder);
  try {
    await expect(addInstance(folder, 'inventory', logger)).rejects.toThrow('takes no further instances');
  } finally {
    held.release();
  }
});

test('there are instances of what answers, and nobody else may read how it was started', async () => {
  const folder = aFolder();
  const held = await holdDataFolder(folder);
  try {
    recordRunning(folder, '127.0.0.1', [inventory, worker]);
    expect(statSync(join(folder, 'running.json')).mode & 0o777).toBe(0o600);
    expect(Object.keys(readRunning(folder)?.services ?? {})).toEqual(['inventory']);
    await expect(addInstance(folder, 'inventory-worker', logger)).rejects.toThrow(
      'There is no subgraph inventory-worker: name inventory.',
    );
    forgetLastRun(folder);
    expect(readRunning(folder)).toBeUndefined();
  } finally {
    held.release();
  }
});

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4002'],
  ['0.0.0.0', 'http://127.0.0.1:4002'],
  ['::', 'http://[::1]:4002'],
  ['::1', 'http://[::1]:4002'],
  ['shop.internal', 'http://shop.internal:4002'],
])('what listens at %s is reached at %s', (host, address) => {
  expect(reachedAt(host, 4002)).toBe(address);
});
