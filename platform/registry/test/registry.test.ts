import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InstanceSource } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { redisServer, startTestServer, type TestServer } from '../../queue/test/servers.ts';
import { connectRegistry, type Registry, type Rhythm, schemaHash, subgraphInstances } from '../src/index.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
/** Nothing is found by reading in time: what is seen at once was told. */
const quick: Rhythm = { heartbeatMs: 100, leaseMs: 400, readMs: 60_000, missedMs: 100 };
const reading: Rhythm = { ...quick, readMs: 50 };

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

let redis: TestServer | undefined;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mercato-registry-'));
  if (redisServer) redis = await startTestServer('redis');
});
afterAll(async () => {
  await redis?.remove();
  rmSync(folder, { recursive: true, force: true });
});

function registryAt(url: string, rhythm: Rhythm): Registry {
  const registry = connectRegistry(url, { logger, rhythm });
  cleanUp.push(() => registry.close());
  return registry;
}

async function listOf(registry: Registry): Promise<InstanceSource> {
  const source = await registry.instances();
  cleanUp.push(() => source.close());
  return source;
}

const urlsIn = (source: InstanceSource, subgraph: string) => source.instancesOf(subgraph).map(({ url }) => url);
let next = 0;
/** A subgraph that no other test knows. */
const aName = () => `cart${next++}`;
const address = (port: number) => `http://127.0.0.1:${port}/graphql`;

const kinds = [
  { kind: 'a folder', urlOf: () => pathToFileURL(folder).href, isHere: true },
  { kind: 'Redis', urlOf: () => redis?.connection.url ?? '', isHere: redisServer !== undefined },
];

describe.each(kinds)('in $kind', ({ urlOf, isHere }) => {
  test('an instance is told of, says that it drains, and is gone', async ({ skip }) => {
    if (!isHere) skip('There is no redis-server here.');
    const name = aName();
    const source = await listOf(registryAt(urlOf(), quick));
    const staying = await registryAt(urlOf(), quick).announce({ subgraph: name, url: address(1) });
    const leaving = await registryAt(urlOf(), quick).announce({ subgraph: name, url: address(2), sdl: 'scalar A' });
    const listed = () => source.instancesOf(name);
    const byUrl = expect.arrayContaining([
      { id: staying.id, url: address(1), schemaHash: undefined, draining: undefined },
      { id: leaving.id, url: address(2), schemaHash: schemaHash('scalar A'), draining: undefined },
    ]);
    await expect.poll(listed).toEqual(byUrl);
    expect(source.instancesOf(name)).toBe(source.instancesOf(name));
    expect(source.instancesOf(`${name}-other`)).toEqual([]);

    await leaving.drain();
    await expect.poll(() => listed().find(({ id }) => id === leaving.id)?.draining).toBe(true);
    await leaving.withdraw();
    await expect.poll(() => urlsIn(source, name)).toEqual([address(1)]);
  });

  test('what the instances of a subgraph serve is told, the newest first, and stays when they are gone', async ({
    skip,
  }) => {
    if (!isHere) skip('There is no redis-server here.');
    const name = aName();
    const schemas = await registryAt(urlOf(), reading).schemas();
    cleanUp.push(() => schemas.close());
    const served = () =>
      schemas
        .current()
        .get(name)
        ?.map(({ sdl }) => sdl);
    const older = await registryAt(urlOf(), quick).announce({ subgraph: name, url: address(1), sdl: 'scalar Older' });
    await expect.poll(served).toEqual(['scalar Older']);
    const newer = await registryAt(urlOf(), quick).announce({ subgraph: name, url: address(2), sdl: 'scalar Newer' });
    await expect.poll(served).toEqual(['scalar Newer', 'scalar Older']);
    await older.drain();
    await expect.poll(served).toEqual(['scalar Newer']);
    await older.withdraw();
    await newer.withdraw();
    await expect.poll(served).toEqual(['scalar Newer']);

    const later = await registryAt(urlOf(), quick).schemas();
    cleanUp.push(() => later.close());
    expect(later.current().get(name)).toEqual([{ hash: schemaHash('scalar Newer'), sdl: 'scalar Newer' }]);
    // An older version that is put in again is the newest.
    await registryAt(urlOf(), quick).announce({ subgraph: name, url: address(3), sdl: 'scalar Older' });
    await expect.poll(served).toEqual(['scalar Older']);
  });

  test('of many versions the last ones are kept', async ({ skip }) => {
    if (!isHere) skip('There is no redis-server here.');
    const name = aName();
    const registry = registryAt(urlOf(), quick);
    for (let version = 1; version <= 12; version += 1) {
      const { withdraw } = await registry.announce({ subgraph: name, url: address(1), sdl: `scalar V${version}` });
      await withdraw();
    }
    const schemas = await registryAt(urlOf(), quick).schemas();
    cleanUp.push(() => schemas.close());
    expect(schemas.current().get(name)).toEqual([{ hash: schemaHash('scalar V12'), sdl: 'scalar V12' }]);
    await registry.announce({ subgraph: name, url: address(1), sdl: 'scalar V2' });
    await expect
      .poll(() =>
        schemas
          .current()
          .get(name)
          ?.map(({ sdl }) => sdl),
      )
      .toEqual(['scalar V2']);
  });

  test('one that falls silent is dropped, unless it is the last', async ({ skip }) => {
    if (!isHere) skip('There is no redis-server here.');
    const name = aName();
    const source = await listOf(registryAt(urlOf(), reading));
    const one = registryAt(urlOf(), reading);
    const other = registryAt(urlOf(), reading);
    await one.announce({ subgraph: name, url: address(1) });
    await other.announce({ subgraph: name, url: address(2) });
    await expect.poll(() => urlsIn(source, name).length).toBe(2);
    // As a process that is killed: it neither withdraws nor is heard of again.
    await one.close();
    await expect.poll(() => urlsIn(source, name), { timeout: 5_000 }).toEqual([address(2)]);
    await other.close();
    const fresh = await listOf(registryAt(urlOf(), reading));
    await expect.poll(async () => urlsIn(await listOf(registryAt(urlOf(), reading)), name)).toEqual([]);
    expect(urlsIn(source, name)).toEqual([address(2)]);
    expect(urlsIn(fresh, name).length).toBeLessThanOrEqual(1);
  });

  test('one that was started again at its address takes its place', async ({ skip }) => {
    if (!isHere) skip('There is no redis-server here.');
    const name = aName();
    const source = await listOf(registryAt(urlOf(), quick));
    await registryAt(urlOf(), quick).announce({ subgraph: name, url: address(1) });
    const again = await registryAt(urlOf(), quick).announce({ subgraph: name, url: address(1) });
    await expect.poll(() => source.instancesOf(name).map(({ id }) => id)).toEqual([again.id]);
  });

  test('those who announced themselves are asked, else the configured ones', async ({ skip }) => {
    if (!isHere) skip('There is no redis-server here.');
    const name = aName();
    const registry = registryAt(urlOf(), quick);
    const urls = { [name]: [address(8), address(9)] };
    const source = await subgraphInstances({ urls, registry, logger });
    cleanUp.push(() => source.close());
    expect(urlsIn(source, name)).toEqual([address(8), address(9)]);
    await registry.announce({ subgraph: name, url: address(1) });
    await expect.poll(() => urlsIn(source, name)).toEqual([address(1)]);
  });
});

describe.skipIf(!redisServer)('with Redis away', () => {
  const server = (): TestServer => {
    if (!redis) throw new Error('Redis was not started.');
    return redis;
  };

  test('the last list stays; who was announced meanwhile is found once it is back', async () => {
    const name = aName();
    const source = await listOf(registryAt(server().connection.url, reading));
    const registry = registryAt(server().connection.url, reading);
    await registry.announce({ subgraph: name, url: address(1) });
    await expect.poll(() => urlsIn(source, name)).toEqual([address(1)]);
    let changes = 0;
    source.onChange(() => {
      changes += 1;
    });
    await server().down();
    const announced = await registry.announce({ subgraph: name, url: address(2) });
    expect({ urls: urlsIn(source, name), changes }).toEqual({ urls: [address(1)], changes: 0 });
    await announced.drain();
    await server().up();
    await expect.poll(() => urlsIn(source, name).length, { timeout: 10_000 }).toBe(2);
    expect(source.instancesOf(name).find(({ id }) => id === announced.id)).toMatchObject({ draining: true });
  });

  test('a router that starts meanwhile takes the configured list, and learns the other when Redis is back', async () => {
    const name = aName();
    await server().down();
    const registry = registryAt(server().connection.url, reading);
    const source = await subgraphInstances({ urls: { [name]: address(9) }, registry, logger });
    cleanUp.push(() => source.close());
    expect(urlsIn(source, name)).toEqual([address(9)]);
    await registry.announce({ subgraph: name, url: address(1) });
    await server().up();
    await expect.poll(() => urlsIn(source, name), { timeout: 10_000 }).toEqual([address(1)]);
  });

  test('when it comes back empty, nobody is lost', async () => {
    const name = aName();
    const rhythm = { ...reading, missedMs: 1_000 };
    const source = await listOf(registryAt(server().connection.url, rhythm));
    const registry = registryAt(server().connection.url, rhythm);
    await registry.announce({ subgraph: name, url: address(1) });
    await registry.announce({ subgraph: name, url: address(2) });
    await expect.poll(() => urlsIn(source, name).length).toBe(2);
    const counts = new Set<number>();
    source.onChange(() => counts.add(urlsIn(source, name).length));
    const client = new Redis(server().connection.url);
    await client.flushall();
    await registry.announce({ subgraph: `${name}-other`, url: address(3) });
    await expect.poll(() => urlsIn(source, `${name}-other`)).toEqual([address(3)]);
    await expect.poll(() => client.hlen('{mercato:registry}:leases')).toBe(3);
    expect([...counts]).toEqual([2]);
    client.disconnect();
  });
});

test('what is no lease is passed over', async () => {
  const name = aName();
  const own = mkdtempSync(join(folder, 'own-'));
  writeFileSync(join(own, 'broken.json'), '{"subgraph":');
  writeFileSync(join(own, 'later.json'), JSON.stringify({ subgraph: name, address: 'elsewhere' }));
  const registry = registryAt(pathToFileURL(own).href, reading);
  const source = await listOf(registry);
  await registry.announce({ subgraph: name, url: address(1) });
  await expect.poll(() => urlsIn(source, name)).toEqual([address(1)]);
});
