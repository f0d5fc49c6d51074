import { createLogger } from '@mercato/telemetry';
import { afterEach, expect, test } from 'vitest';
import { type ServiceProcess, serviceProcess } from '../src/topology/service-process.ts';

const started: ServiceProcess[] = [];
afterEach(() => Promise.all(started.splice(0).map((service) => service.kill('SIGKILL'))));

function aService(behaviour: string): ServiceProcess {
  const entry = 'launcher/test/programs/service.mjs';
  const environment = { BEHAVIOUR: behaviour };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const service = serviceProcess({ name: 'tested', entry, environment }, logger, { obeysWithinMs: 500 });
  started.push(service);
  return service;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a service that dies is started again, as often as it dies', async () => {
  const service = aService('well');
  await service.start();
  for (const _death of [1, 2]) {
    const { pid = 0 } = service;
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => service.pid, { timeout: 10_000 }).not.toBe(pid);
    await expect.poll(() => service.pid, { timeout: 10_000 }).toBeDefined();
  }
});

test('one that was killed on purpose stays ended until it is started', async () => {
  const service = aService('well');
  await service.start();
  const { pid = 0 } = service;
  await service.kill('SIGTERM');
  expect(isAlive(pid)).toBe(false);
  expect(service.pid).toBeUndefined();
  await service.start();
  expect(service.pid).toBeDefined();
});

test('one that ends before it is ready fails the start and is not tried again', async () => {
  const service = aService('fail');
  await expect(service.start()).rejects.toThrow('tested ended (exit code 3) before it was ready');
  expect(service.pid).toBeUndefined();
});

test('one that is stopped while it starts is gone', async () => {
  const service = aService('silent');
  const starting = service.start();
  await expect.poll(() => service.pid).toBeDefined();
  const { pid = 0 } = service;
  const failed = expect(starting).rejects.toThrow('before it was ready');
  await service.kill('SIGTERM');
  await failed;
  expect(isAlive(pid)).toBe(false);
});

test('one that does not obey is ended by force', async () => {
  const service = aService('deaf');
  await service.start();
  const { pid = 0 } = service;
  await service.kill('SIGTERM');
  expect(isAlive(pid)).toBe(false);
});
