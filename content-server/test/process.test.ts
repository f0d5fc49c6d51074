import { type ChildProcess, spawn } from 'node:child_process';
import { bundleProgram } from '@mercato/bundle';
import { expect, onTestFinished, test } from 'vitest';
import { newTokenValue } from '../src/index.ts';

const main = await bundleProgram('content-server/src/main.ts');

interface Started {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
}

function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [main], { env: { PATH: '/usr/bin:/bin', ...environment } });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output: () => output, exit };
}

test('the stand-alone process takes its tokens from the environment, serves, and stops when told', async () => {
  const token = newTokenValue('web');
  const tokens = JSON.stringify([{ name: 'web', value: token }]);
  const { child, output, exit } = start({ CONTENT_SERVER_PORT: '0', CONTENT_SERVER_TOKENS: tokens });
  await expect.poll(output, { timeout: 20_000 }).toContain('is ready');
  const url = /"url":"([^"]+)"/.exec(output())?.[1] ?? '';
  const ask = (headers: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"query":"{ pages { slug } }"}',
    });
  expect((await ask({})).status).toBe(401);
  expect(await (await ask({ authorization: `Bearer ${token}` })).json()).toMatchObject({
    data: { pages: expect.arrayContaining([{ slug: 'terms' }]) },
  });
  expect(output()).not.toContain(token);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test.each([
  ['CONTENT_SERVER_PORT', '99999', /^CONTENT_SERVER_PORT is wrong/],
  ['CONTENT_SERVER_TOKENS', '[{"name":"web","value":"secret"}]', /^CONTENT_SERVER_TOKENS is wrong: .*JWT/],
  ['CONTENT_SERVER_ADMIN_TOKEN', 'short', /^CONTENT_SERVER_ADMIN_TOKEN is wrong: it wants 16 signs or more/],
  ['CONTENT_SERVER_DATA_DIR', '/nowhere/at/all', /nowhere\/at\/all/],
])('a wrong %s stops it with a sentence', async (name, value, message) => {
  const { output, exit } = start({ CONTENT_SERVER_PORT: '0', [name]: value });
  expect(await exit).toBe(1);
  expect(output()).toMatch(message);
});
