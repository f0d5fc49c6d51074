import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleProgram } from '@mercato/bundle';
import { type TestDatabase, testDatabase } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeyCommand, type Said, sentenceOf } from '../src/cli/key-command.ts';
import { hashOf, idIn } from '../src/identity/api-keys/key-text.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** The command makes its database by itself, beside this one: named by a prefix of this file's own. */
const prefix = `test_keys_${process.pid}_`;
let database: TestDatabase;
let keys: pg.Pool;
beforeAll(async () => {
  database = await testDatabase('router');
  keys = new pg.Pool({ connectionString: database.url });
});
afterAll(async () => {
  await keys.query(`DROP DATABASE IF EXISTS "${prefix}router" WITH (FORCE)`);
  await keys.end();
  await database.drop();
});

const key = async (...args: string[]): Promise<Said> => {
  const read = readKeyCommand(args);
  if (read === 'help') throw new Error('Help is not what was asked for.');
  return read.command(keys);
};

test('as a program: makes and migrates the database, prints the key alone, and says what is wrong', {
  timeout: 120_000,
}, async () => {
  const main = await bundleProgram('router/src/cli/key.ts');
  const program = (...args: string[]) =>
    run(process.execPath, [main, ...args], {
      cwd: root,
      env: { DATABASE_URL: database.url, DATABASE_PREFIX: prefix },
    });
  const { stdout, stderr } = await program('create', '--name', 'Acme feed', '--scope', 'inventory:count');
  expect(stdout).toMatch(/^mercato_[0-7][0-9a-z]{25}_[0-9A-Za-z]{38}\n$/);
  const id = idIn(stdout.trim());
  expect(stderr).toContain(id);
  expect((await program('revoke', stdout.trim())).stdout).toContain(`${id} (Acme feed) is revoked`);
  await expect(program('create')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: '--name wants a text for people, such as "Acme feed"\nTry npm run -s key -- --help\n',
  });
});

describe('create', () => {
  test('keeps the hash of a key only', async () => {
    const { out: text } = await key(
      ...['create', '--name', 'Acme feed', '--scope', 'inventory:count', '--scope', 'catalog:read'],
      ...['--owner', 'partner_acme', '--expires', '90d'],
    );
    const id = idIn(text);
    const { rows } = await keys.query('SELECT * FROM api_key WHERE id = $1', [id]);
    expect(rows).toMatchObject([
      {
        name: 'Acme feed',
        kind: 'PARTNER',
        owner_id: 'partner_acme',
        scopes: ['inventory:count', 'catalog:read'],
        last_used_at: null,
        revoked_at: null,
      },
    ]);
    expect(rows[0].hash).toEqual(hashOf(text));
    expect(JSON.stringify(rows)).not.toContain(text.slice(-38));
    const days = (rows[0].expires_at.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThanOrEqual(90);
  });

  test.each([
    [['create'], '--name wants a text'],
    [['create', '--name', 'a\nb'], '--name wants one line'],
    [['create', '--name', 'x', '--kind', 'customer'], '--kind wants partner or staff'],
    [['create', '--name', 'x', '--scope', 'a b'], '--scope wants one scope'],
    [['create', '--name', 'x', '--scope', 'service:cart'], 'those have keys of their own'],
    [['create', '--name', 'x', '--expires', 'soon'], '--expires wants a time'],
    [['create', '--shape', 'x'], "Unknown option '--shape'"],
    [['erase'], 'Say what to do'],
    [['revoke', 'acme'], 'revoke wants an id'],
    [['revoke', 'key_01jb2v5w3je8r9m6wq1y4f0k2d'], 'There is no key key_01jb2v5w3je8r9m6wq1y4f0k2d here'],
  ])('%j is told what is wanted', async (args, sentence) => {
    await expect(key(...args).catch((error: unknown) => sentenceOf(error))).resolves.toContain(sentence);
  });
});

test('list shows those that hold, --all the others too, never a hash; revoke takes an id or the key itself', async () => {
  const byId = idIn((await key('create', '--name', 'By id', '--kind', 'staff')).out) ?? '';
  const text = (await key('create', '--name', 'By text')).out;

  expect((await key('revoke', byId)).out).toContain('By id) is revoked');
  expect((await key('revoke', text)).out).toContain('By text) is revoked');
  expect((await key('revoke', byId)).out).toContain('was revoked before');

  const table = (await key('list')).out;
  expect(table).toMatch(/^ID +NAME +KIND +OWNER/);
  expect(table).not.toContain('By id');
  expect((await key('list', '--all')).out).toMatch(/By id +staff .* never +revoked \d{4}-/);
  const listed: unknown = JSON.parse((await key('list', '--all', '--json')).out);
  expect(listed).toContainEqual(expect.objectContaining({ id: byId, name: 'By id', revokedAt: expect.any(String) }));
  expect(JSON.stringify(listed)).not.toContain('hash');
});
