import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { generateKey } from '@mercato/auth';
import { bundleProgram } from '@mercato/bundle';
import { type TestDatabase, testDatabase } from '@mercato/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { newApiKey } from '../src/identity/api-keys/key-text.ts';
import { insertApiKey, listApiKeys } from '../src/identity/api-keys/store.ts';
import { ask } from './graph/running-graph.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = await bundleProgram('router/src/main.ts');
let database: TestDatabase;
let sql: pg.Pool;
let child: ChildProcess | undefined;
beforeAll(async () => {
  database = await testDatabase('router');
  sql = new pg.Pool({ connectionString: database.url, max: 2 });
});
afterEach(() => child?.kill('SIGKILL'));
afterAll(async () => {
  await sql.end();
  await database.drop();
});

/** @returns its address, once it is ready */
async function start(environment: Record<string, string>): Promise<{ url: string; said: () => string }> {
  const started = spawn(process.execPath, [program], {
    cwd: root,
    env: {
      PORT: '0',
      SUBGRAPH_URLS: JSON.stringify({ products: 'http://127.0.0.1:1/graphql' }),
      SIGNING_KEY: JSON.stringify(generateKey()),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child = started;
  let said = '';
  started.stdout?.on('data', (text) => {
    said += text;
  });
  const [message] = (await once(started, 'message')) as [{ url: string }];
  return { url: message.url, said: () => said };
}

test('a router takes keys of its DATABASE_URL, and saves when they were used before it ends', async () => {
  const { id, hash, text } = newApiKey();
  await insertApiKey(sql, { id, hash, name: 'Acme', kind: 'partner', ownerId: id, scopes: [], expiresAt: null });
  const { url } = await start({ DATABASE_URL: database.url });
  const headers = { authorization: `Bearer ${text}` };
  expect(await ask(url, '{ __typename }', { headers })).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  expect(await ask(url, '{ __typename }', { headers: { authorization: `Bearer ${newApiKey().text}` } })).toMatchObject({
    status: 401,
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  child?.kill('SIGTERM');
  if (child) await once(child, 'exit');
  expect(await listApiKeys(sql)).toMatchObject([{ id, lastUsedAt: expect.any(Date) }]);
});

test('without one it starts, says that it takes none, and refuses them', async () => {
  const { url, said } = await start({});
  expect(said()).toContain('No API keys: DATABASE_URL is not set');
  const answer = await ask(url, '{ __typename }', { headers: { authorization: `Bearer ${newApiKey().text}` } });
  expect(answer).toMatchObject({ status: 401, errors: [{ message: 'API keys are not taken here.' }] });
});

test('one whose database does not answer starts too, and tells keys that they cannot be checked', async () => {
  const { url } = await start({ DATABASE_URL: 'postgresql://nobody:none@127.0.0.1:1/router', LOG_LEVEL: 'fatal' });
  const answer = await ask(url, '{ __typename }', { headers: { authorization: `Bearer ${newApiKey().text}` } });
  expect(answer).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
  expect((await ask(url, '{ __typename }')).status).toBe(200);
});
