import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleProgram } from '@mercato/bundle';
import { connectRegistry, schemaHash, subgraphInstances } from '@mercato/registry';
import { httpTransport } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { signerOf, staff, trustedKeys } from '@mercato/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

const logger = createLogger({ name: 'test', level: 'silent' });
const folder = mkdtempSync(join(tmpdir(), 'mercato-process-'));
const address = pathToFileURL(folder).href;
const running: ChildProcess[] = [];
const patience = { timeout: 10_000 };
const registry = connectRegistry(address, { logger });
let authorization: string;
beforeAll(async () => {
  authorization = `Bearer ${await signerOf('router').sign('inventory', staff('some'))}`;
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

const program = await bundleProgram('platform/subgraph-server/test/service-process.ts');

async function aService(name: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program], {
    env: { NAME: name, REGISTRY: address, TRUSTED: JSON.stringify(trustedKeys) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.push(child);
  await once(child, 'message');
  return child;
}

test('a service announces itself, and leaves on SIGTERM without a failed call, be it a read or a change', async () => {
  const [leaving] = await Promise.all([aService('leaving'), aService('staying')]);
  const instances = await subgraphInstances({ urls: {}, registry, logger });
  const transport = httpTransport({ instances });
  const list = () => instances.instancesOf('inventory');
  await expect.poll(() => list().length, patience).toBe(2);
  let saidSo = false;
  instances.onChange(() => {
    saidSo ||= list().some(({ draining }) => draining === true);
  });
  const { sdl } = await schemaOf(transport);
  expect(new Set(list().map((instance) => instance.schemaHash))).toEqual(new Set([schemaHash(sdl)]));

  let over = false;
  let answered = 0;
  const who = new Set<unknown>();
  const call = async (query: string) => {
    while (!over) {
      const { data, errors } = await transport.send('inventory', { query }, { authorization, timeoutMs: 5_000 });
      if (errors) throw new Error(JSON.stringify(errors));
      answered += 1;
      for (const name of Object.values(data ?? {})) who.add(name);
    }
  };
  const callers = Array.from({ length: 20 }, (_, n) => call(n % 2 === 0 ? '{ who }' : 'mutation { change }'));
  await expect.poll(() => answered, patience).toBeGreaterThan(200);
  expect(who).toEqual(new Set(['leaving', 'staying']));
  const exit = once(leaving, 'exit');
  leaving.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  expect(saidSo).toBe(true);
  const atExit = answered;
  who.clear();
  await expect.poll(() => answered, patience).toBeGreaterThan(atExit + 200);
  over = true;
  await Promise.all(callers);
  expect(who).toEqual(new Set(['staying']));
  expect(list()).toHaveLength(1);
  expect(transport.snapshot().inventory).toMatchObject({ failures: 0, retries: 0 });
  await transport.close();
  await instances.close();
});

async function schemaOf(transport: ReturnType<typeof httpTransport>): Promise<{ sdl: string }> {
  const { data } = await transport.send(
    'inventory',
    { query: '{ _service { sdl } }' },
    { authorization, timeoutMs: 5_000 },
  );
  return data?._service as { sdl: string };
}
