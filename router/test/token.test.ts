import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleProgram } from '@mercato/bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { developmentIdentity } from '../src/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mercato-token-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const program = await bundleProgram('router/src/cli/token.ts');
const run = promisify(execFile);
const token = (...args: string[]) => run(process.execPath, [program, '--data-dir', dataDir, ...args], { cwd: root });

test('prints one token and nothing else, which the data folder’s router believes', async () => {
  const { stdout, stderr } = await token('--scope', 'inventory:read', '--scope', 'inventory:write');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  expect(await developmentIdentity(dataDir).identify(`Bearer ${stdout.trim()}`)).toEqual({
    kind: 'staff',
    id: 'staff-local',
    scopes: ['inventory:read', 'inventory:write'],
  });
  expect(statSync(join(dataDir, 'keys', 'clients.json')).mode & 0o077).toBe(0);
});

test('kind, subject and lifetime can be chosen', async () => {
  const { stdout } = await token('--kind', 'customer', '--sub', 'customer_1', '--expires', '1s');
  const identity = developmentIdentity(dataDir);
  expect(await identity.identify(`Bearer ${stdout.trim()}`)).toEqual({
    kind: 'customer',
    id: 'customer_1',
    scopes: [],
  });
});

test.each([
  [['--kind', 'service'], '--kind wants staff, customer or partner'],
  [['--expires', 'soon'], '--expires wants a time such as 30m, 8h or 7d'],
  [['--scope', 'a b'], '--scope wants one scope'],
  [['--shape', 'x'], "Unknown option '--shape'"],
])('%j is told what is wanted', async (args, sentence) => {
  await expect(token(...args)).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining(sentence),
  });
});
