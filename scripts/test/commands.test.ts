import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

function command(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', script), ...args], {
    encoding: 'utf8',
    cwd: '/',
  });
  return { status, stdout, stderr };
}

test('npm start says what it can be told, by flag and by environment', () => {
  const { status, stdout } = command('start.mjs', '--help');

  expect(status).toBe(0);
  for (const word of ['--processes', '--reset', '--no-seed', 'PORT', 'MERCATO_DATA_DIR', 'DATABASE_URL', 'REDIS_URL']) {
    expect(stdout).toContain(word);
  }
});

test('npm test says what it can be told', () => {
  const { status, stdout } = command('test.mjs', '--help');

  expect(status).toBe(0);
  expect(stdout).toContain('--only');
  expect(stdout).toContain('MERCATO_TEST_DATA_DIR');
});

test('a check that does not exist is refused with those that do', () => {
  const { status, stderr } = command('test.mjs', '--only', 'nonsense');

  expect(status).toBe(1);
  expect(stderr.trim()).toBe('--only wants one of: lint, types, composition, migrations, unused, tests.');
});

// It installs and generates first whatever changed since the last time.
test('a check is run from any folder, and the last line counts', { timeout: 180_000 }, () => {
  const { status, stdout } = command('test.mjs', '--only', 'composition');

  expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 passed, 0 failed');
  expect(status).toBe(0);
});

test('npm run db names the domains when asked for another', () => {
  const { status, stderr } = command('db.mjs', 'nowhere', 'migrate', 'status');

  expect(status).toBe(1);
  expect(stderr.trim()).toMatch(/^There is no prisma\/nowhere\/schema\.prisma; the domains are: .*products/);
});

test('an old Node is told so', () => {
  const pretend = 'Object.defineProperty(process.versions, "node", { value: "18.20.1" });';
  const check = `${pretend} await import(${JSON.stringify(join(root, 'scripts/lib/node-version.mjs'))});`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', check], { encoding: 'utf8' });

  expect(status).toBe(1);
  expect(stderr.trim()).toBe('Mercato needs Node 20.19 or newer, and this is Node 18.20.1: install a newer one.');
});

test('nothing that must run before the installation imports a package', () => {
  for (const name of ['start', 'test', 'db', 'generate']) {
    const source = readFileSync(join(root, 'scripts', `${name}.mjs`), 'utf8');
    for (const [, from] of source.matchAll(/^import .*?'(.+)';$/gm)) expect(from).toMatch(/^(\.\/lib\/|node:)/);
  }
});
