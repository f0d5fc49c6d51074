import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, freePorts } from '../src/index.ts';

test('a port that is free is given, another in place of one that is taken, and none twice', async () => {
  const [free = 0] = await freePorts('127.0.0.1', [0]);
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const takenPort = typeof address === 'object' && address ? address.port : 0;

  const ports = await freePorts('127.0.0.1', [free, takenPort, 0, 0]);
  expect(ports[0]).toBe(free);
  expect(ports[1]).not.toBe(takenPort);
  expect(new Set(ports).size).toBe(4);
  // Below what the system gives to connections that are opened meanwhile.
  expect(ports.filter((port) => port < 10_000 || port > 32_767)).toEqual([]);
  taken.close();
});

test('an address that is not of this machine is told, not taken for a port in use', async () => {
  await expect(freePorts('192.0.2.1', [4_000])).rejects.toThrow('EADDRNOTAVAIL');
  await expect(freePort('192.0.2.1')).rejects.toThrow('EADDRNOTAVAIL');
});
