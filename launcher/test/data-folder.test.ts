import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { holdDataFolder } from '../src/data-folder.ts';
import { LaunchError } from '../src/launch-error.ts';

const parent = mkdtempSync(join(tmpdir(), 'mercato launcher-'));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

test('a new folder, with spaces in its path, is made and held', async () => {
  const folder = join(parent, 'a new', 'one');
  const held = await holdDataFolder(folder);
  expect(existsSync(folder)).toBe(true);
  held.release();
});

test('a second start on it is refused until the first lets go', async () => {
  const folder = join(parent, 'shared');
  const first = await holdDataFolder(folder);
  await expect(holdDataFolder(folder)).rejects.toThrow(LaunchError);
  await expect(holdDataFolder(folder)).rejects.toThrow(/Another start uses the data folder/);
  first.release();
  (await holdDataFolder(folder)).release();
});

test('of eight starts at once one has it', async () => {
  const folder = join(parent, 'raced');
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => holdDataFolder(folder)));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('the lock of a killed start is taken over', async () => {
  const folder = join(parent, 'killed');
  mkdirSync(folder);
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 1, startedAt: 'long ago' }));
  (await holdDataFolder(folder)).release();
});

test('erasing leaves nothing but the folder itself, and only what is ours is taken', async () => {
  const folder = join(parent, 'erased');
  const held = await holdDataFolder(folder);
  mkdirSync(join(folder, 'keys'));
  writeFileSync(join(folder, 'keys', 'router.json'), '{}');
  writeFileSync(join(folder, 'seeded'), 'yes');
  await held.erase();
  held.release();
  expect(readdirSync(folder)).toEqual(['mercato-data']);
});

test("a folder of somebody's own files is refused and left alone", async () => {
  const folder = join(parent, 'documents');
  mkdirSync(folder);
  writeFileSync(join(folder, 'thesis.txt'), 'years of work');
  await expect(holdDataFolder(folder)).rejects.toThrow(/holds other things, such as thesis\.txt/);
  expect(readdirSync(folder)).toEqual(['thesis.txt']);
});

test('a path that cannot be a folder is told', async () => {
  const file = join(parent, 'a-file');
  writeFileSync(file, '');
  await expect(holdDataFolder(join(file, 'data'))).rejects.toThrow(/cannot be written .* --data-dir/);
});

test.runIf(existsSync('/proc/sys'))('a folder that the system refuses is told, not tried for ever', async () => {
  await expect(holdDataFolder('/proc/sys/mercato/data')).rejects.toThrow(/cannot be written .* --data-dir/);
});
