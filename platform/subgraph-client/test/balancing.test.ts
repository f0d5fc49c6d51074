import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { type HttpTransport, httpTransport, type PartialBalancing, staticInstances } from '../src/index.ts';
import {
  answer,
  breakOff,
  changingInstances,
  endInstances,
  type InstanceServer,
  type Request,
  serve,
  silence,
  startInstance,
  status,
} from './instances.ts';

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
  endInstances();
});

async function aServer(respond: InstanceServer['respond']): Promise<InstanceServer> {
  const server = await serve(respond);
  cleanUp.push(() => server.close());
  return server;
}

function aTransport(urls: readonly string[], balancing: PartialBalancing = {}): HttpTransport {
  const transport = httpTransport({ instances: staticInstances({ cart: urls }), balancing });
  cleanUp.push(() => transport.close());
  return transport;
}

const call = { authorization: 'Bearer token', timeoutMs: 5_000 };
const read = (transport: HttpTransport, timeoutMs = 5_000) =>
  transport.send('cart', { query: '{ who }' }, { ...call, timeoutMs, read: true });
const write = (transport: HttpTransport, timeoutMs = 5_000) =>
  transport.send('cart', { query: 'mutation { who }' }, { ...call, timeoutMs });
const many = <T>(count: number, make: () => Promise<T>) => Promise.allSettled(Array.from({ length: count }, make));
const stateOf = (transport: HttpTransport) => {
  const { cart } = transport.snapshot();
  if (!cart) throw new Error('Nothing was called.');
  return cart;
};

/** Calls without a pause from so many callers until `until` resolves; what failed. */
async function underLoad(callers: number, make: () => Promise<unknown>, until: Promise<unknown>) {
  let over = false;
  let calls = 0;
  const failures: unknown[] = [];
  const ended = until.finally(() => {
    over = true;
  });
  const caller = async () => {
    while (!over) {
      calls += 1;
      await make().catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all([ended, ...Array.from({ length: callers }, caller)]);
  return { calls, failures };
}

describe('the least loaded', () => {
  test('serves: a slow instance gets what it can do', async () => {
    const slow = await startInstance('slow', 100);
    const quick = await startInstance('quick', 5);
    const transport = aTransport([slow.url, quick.url]);
    const enough = expect.poll(() => stateOf(transport).calls, { timeout: 10_000 }).toBeGreaterThan(500);
    await underLoad(10, () => read(transport), enough);
    const [ofSlow, ofQuick] = stateOf(transport).instances;
    expect(ofSlow?.attempts).toBeGreaterThan(5);
    expect(ofQuick?.attempts).toBeGreaterThan(2 * (ofSlow?.attempts ?? 0));
    expect([ofSlow?.inFlight, ofQuick?.inFlight]).toEqual([0, 0]);
  });

  test('is any of many: all take part', async () => {
    const servers = await Promise.all(Array.from({ length: 12 }, (_, n) => aServer(answer(`n${n}`))));
    const transport = aTransport(servers.map(({ url }) => url));
    for (let n = 0; n < 300; n += 1) await read(transport);
    expect(Math.min(...servers.map(({ requests }) => requests.length))).toBeGreaterThan(0);
  });
});

describe('one of two instances', () => {
  test('is killed under load: no read fails, and it serves again when it is back', async () => {
    const stays = await startInstance('stays', 10);
    const dies = await startInstance('dies', 10);
    const transport = aTransport([stays.url, dies.url]);
    const killed = async () => {
      await expect.poll(() => stateOf(transport).calls).toBeGreaterThan(200);
      await dies.signal('SIGKILL');
      const { calls } = stateOf(transport);
      await expect.poll(() => stateOf(transport).calls, { timeout: 10_000 }).toBeGreaterThan(calls + 500);
    };
    const { failures } = await underLoad(40, () => read(transport), killed());
    expect(failures).toEqual([]);
    expect(stateOf(transport)).toMatchObject({ breaker: 'closed', failures: 0, retriesWithheld: 0 });
    expect(stateOf(transport).instances[1]).toMatchObject({ ejected: true });

    await startInstance('back', 10, dies.port);
    await expect.poll(() => stateOf(transport).instances[1]?.ejected, { timeout: 10_000 }).toBe(false);
    const answers = await many(20, () => read(transport));
    expect(answers.map((it) => it.status === 'fulfilled' && it.value.data?.who)).toContain('back');
  });

  test('is killed while it changes things: nothing is done twice, and what never arrived is done elsewhere', async () => {
    const stays = await startInstance('stays', 20);
    const dies = await startInstance('dies', 20);
    const transport = aTransport([stays.url, dies.url]);
    let answered = 0;
    const counted = () => write(transport).then(() => (answered += 1));
    const killed = async () => {
      await expect.poll(() => answered).toBeGreaterThan(100);
      await dies.signal('SIGKILL');
      const before = answered;
      await expect.poll(() => answered, { timeout: 10_000 }).toBeGreaterThan(before + 100);
    };
    const { failures } = await underLoad(20, counted, killed());
    for (const failure of failures) expect(failure).toMatchObject({ reason: 'unreachable', mayHaveHappened: true });
    // At most those that the killed process had in its hands.
    expect(failures.length).toBeLessThanOrEqual(20);
    const { instances } = stateOf(transport);
    const last = await write(transport);
    expect(last.data?.mutations).toBe((instances[0]?.attempts ?? 0) + 1);
  });

  test('hangs: its changes time out, reads are asked of the other too, it is left out; it returns when it answers', async () => {
    const stays = await startInstance('stays', 5);
    const hangs = await startInstance('hangs', 5);
    const transport = aTransport([stays.url, hangs.url], { ejection: { firstMs: 300, probeMs: 100 }, fairMs: 100 });
    await many(4, () => read(transport));
    await hangs.signal('SIGSTOP');
    const [changes, reads] = await Promise.all([
      many(4, () => write(transport, 500)),
      many(20, () => read(transport, 2_000)),
    ]);
    const lost = changes.filter((it) => it.status === 'rejected');
    expect(lost.length).toBeGreaterThan(0);
    for (const change of lost) expect(change).toMatchObject({ reason: { reason: 'timeout', mayHaveHappened: true } });
    expect(reads.filter((it) => it.status === 'rejected')).toEqual([]);
    expect(stateOf(transport)).toMatchObject({ breaker: 'closed', instances: [{ ejected: false }, { ejected: true }] });
    const begun = performance.now();
    const after = await many(50, () => read(transport, 2_000));
    expect(after.filter((it) => it.status === 'rejected')).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(900);

    await hangs.signal('SIGCONT');
    await expect.poll(() => stateOf(transport).instances[1]?.ejected, { timeout: 10_000 }).toBe(false);
    expect(stateOf(transport).instances.map(({ inFlight }) => inFlight)).toEqual([0, 0]);
  });

  test('is left out while reads still wait for it: the other one is asked of these too', async () => {
    const well = await aServer(answer('well'));
    const silent = await aServer(silence);
    const transport = aTransport([well.url, silent.url], { ejection: { firstMs: 10_000 }, fairMs: 100 });
    const [reads, changes] = await Promise.all([
      many(10, () => read(transport, 2_000)),
      many(10, () => write(transport, 200)),
    ]);
    expect(changes.filter((it) => it.status === 'rejected').length).toBeGreaterThanOrEqual(3);
    expect(stateOf(transport).instances[1]).toMatchObject({ ejected: true, ejections: 1 });
    expect(reads.filter((it) => it.status === 'rejected')).toEqual([]);
  });

  test('answers 503: it is left out for longer and longer, each return after one question', async () => {
    const well = await aServer(answer('well'));
    const sick = await aServer(status(503));
    const transport = aTransport([well.url, sick.url], { ejection: { firstMs: 40, longestMs: 10_000 } });
    const answers = await many(60, () => read(transport));
    expect(answers.filter((it) => it.status === 'rejected')).toEqual([]);
    await expect.poll(() => stateOf(transport).instances[1]).toMatchObject({ ejected: true, ejections: 1 });
    const seen = sick.requests.length;
    await many(60, () => read(transport));
    expect(sick.requests.length).toBe(seen);

    sick.respond = answer('sick no more');
    await expect.poll(() => stateOf(transport).instances[1]?.ejected).toBe(false);
    sick.respond = status(503);
    await expect
      .poll(async () => {
        await read(transport);
        return stateOf(transport).instances[1];
      })
      .toMatchObject({ ejected: true, ejections: 2 });
  });

  test('refuses connections: a change goes to the other', async () => {
    const well = await aServer(answer('well'));
    const gone = await serve(answer('gone'));
    await gone.close();
    const transport = aTransport([gone.url, well.url]);
    const answers = await many(10, () => write(transport));
    expect(answers.filter((it) => it.status === 'rejected')).toEqual([]);
    expect(well.requests).toHaveLength(10);
  });
});

test('all instances fail: none is left out for good, and each is still asked', async () => {
  const one = await aServer(status(503));
  const two = await aServer(status(503));
  const transport = aTransport([one.url, two.url], {
    breaker: { minimumCalls: 10_000 },
    ejection: { firstMs: 60_000 },
  });
  await many(40, () => read(transport));
  expect(stateOf(transport).instances.map(({ ejected }) => ejected)).toEqual([true, true]);
  one.respond = answer('one');
  two.respond = answer('two');
  expect((await read(transport)).data?.who).toMatch(/one|two/);
});

describe('what is sent again', () => {
  test('are reads of which an instance made nothing, with the time that is left', async () => {
    const broken = await aServer(({ response }) => setTimeout(() => response.destroy(), 200));
    const well = await aServer(answer('well'));
    const list = changingInstances([{ id: 'broken', url: broken.url }]);
    const transport = httpTransport({ instances: list });
    cleanUp.push(() => transport.close());
    const sending = transport.send('cart', { query: '{ who }' }, { ...call, timeoutMs: 2_000, read: true });
    await expect.poll(() => broken.requests.length).toBe(1);
    list.set([
      { id: 'broken', url: broken.url },
      { id: 'well', url: well.url },
    ]);
    expect(await sending).toEqual({ data: { who: 'well' } });
    expect(broken.requests[0]?.headers['x-mercato-timeout-ms']).toBe('2000');
    const left = Number(well.requests[0]?.headers['x-mercato-timeout-ms']);
    expect(left).toBeGreaterThan(1_000);
    expect(left).toBeLessThanOrEqual(1_810);
  });

  test('are reads that nobody has answered at half of their time; who answers first counts', async () => {
    const slow = await aServer(({ response }) => setTimeout(() => response.end('{"data":{"who":"slow"}}'), 900));
    const well = await aServer(answer('well'));
    const list = changingInstances([
      { id: 'slow', url: slow.url },
      { id: 'well', url: well.url, draining: true },
    ]);
    const transport = httpTransport({ instances: list });
    cleanUp.push(() => transport.close());
    // Alone it may take its time.
    const send = (timeoutMs: number) =>
      transport.send('cart', { query: '{ who }' }, { ...call, timeoutMs, read: true });
    expect(await send(1_000)).toEqual({ data: { who: 'slow' } });
    list.set([
      { id: 'slow', url: slow.url },
      { id: 'well', url: well.url },
    ]);
    await expect.poll(async () => (await send(1_000)).data?.who).toBe('well');
    for (let n = 0; slow.requests.length < 3 && n < 20; n += 1)
      expect(await send(1_000)).toEqual({ data: { who: 'well' } });
    const [, doubled] = slow.requests;
    await expect.poll(() => doubled?.response.destroyed).toBe(true);
    expect(transport.snapshot().cart?.retries).toBeGreaterThan(0);
    const left = well.requests.map(({ headers }) => Number(headers['x-mercato-timeout-ms']));
    expect(Math.min(...left)).toBeLessThanOrEqual(500);
    expect(Math.min(...left)).toBeGreaterThan(0);
  });

  test('are never changes that may have arrived', async () => {
    const one = await aServer(breakOff);
    const two = await aServer(breakOff);
    const transport = aTransport([one.url, two.url], { breaker: { minimumCalls: 10_000 } });
    const outcomes = await many(30, () => write(transport));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { mayHaveHappened: true } });
    }
    expect(one.requests.length + two.requests.length).toBe(30);
    expect(stateOf(transport).retries).toBe(0);
  });

  test('are never changes, whatever their timer does: one of more than 24 days goes off at once', async () => {
    const late = ({ response }: Request) => setTimeout(() => response.end('{"data":{"who":"late"}}'), 50);
    const servers = [await aServer(late), await aServer(late)];
    const transport = aTransport(servers.map(({ url }) => url));
    expect(await write(transport, 2 ** 31)).toEqual({ data: { who: 'late' } });
    expect(servers.flatMap(({ requests }) => requests)).toHaveLength(1);
  });

  test('is bounded by a budget: a storm stays small', async () => {
    const one = await aServer(status(503));
    const two = await aServer(status(503));
    const retries = { share: 0.2, perSecond: 1, attempts: 3 };
    const transport = aTransport([one.url, two.url], { retries, breaker: { minimumCalls: 10_000 } });
    const begun = performance.now();
    for (let n = 0; n < 20; n += 1) await many(25, () => read(transport));
    const seconds = (performance.now() - begun) / 1_000;
    const arrived = one.requests.length + two.requests.length;
    expect(arrived).toBeGreaterThan(500);
    expect(arrived).toBeLessThanOrEqual(500 + 0.2 * 500 + 10 + seconds);
    expect(stateOf(transport).retriesWithheld).toBeGreaterThan(300);
  });
});

describe('the breaker', () => {
  const breaker = { windowMs: 2_000, minimumCalls: 10, firstMs: 200, longestMs: 400 };

  test('opens when a subgraph hangs: nobody waits; it closes when it answers again', async () => {
    const hung = await aServer(silence);
    const transport = aTransport([hung.url], { breaker, fairMs: 50 });
    await many(20, () => read(transport, 100));
    expect(stateOf(transport).breaker).toBe('open');
    const begun = performance.now();
    const refused = await many(50, () => read(transport, 5_000));
    expect(performance.now() - begun).toBeLessThan(100);
    for (const outcome of refused) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: {
          reason: 'circuit-open',
          mayHaveHappened: false,
          message: 'The cart service has not been answering and is not asked for a moment.',
        },
      });
    }
    expect(hung.requests).toHaveLength(20);

    hung.respond = answer('awake');
    await expect
      .poll(() =>
        read(transport).then(
          ({ data }) => data?.who,
          () => 'refused',
        ),
      )
      .toBe('awake');
    expect(stateOf(transport).breaker).toBe('closed');
    expect((await many(50, () => read(transport))).filter((it) => it.status === 'rejected')).toEqual([]);
  });

  test('lets a call find out at once when an instance joins', async () => {
    const hung = await aServer(silence);
    const well = await aServer(answer('well'));
    const list = changingInstances([{ id: '1', url: hung.url }]);
    const transport = httpTransport({
      instances: list,
      balancing: { breaker: { ...breaker, firstMs: 60_000 }, fairMs: 50 },
    });
    cleanUp.push(() => transport.close());
    await many(20, () => read(transport, 100));
    expect(stateOf(transport).breaker).toBe('open');
    list.set([{ id: '2', url: well.url }]);
    expect(await read(transport)).toEqual({ data: { who: 'well' } });
    expect(stateOf(transport).breaker).toBe('closed');
  });

  test('lets one call at a time find out', async () => {
    const hung = await aServer(silence);
    const transport = aTransport([hung.url], { breaker, fairMs: 50 });
    await many(20, () => read(transport, 100));
    const found = () => hung.requests.length - 20;
    await expect
      .poll(async () => {
        await many(20, () => read(transport, 100));
        return found();
      })
      .toBeGreaterThan(0);
    expect(found()).toBe(1);
  });

  test('stays closed while another instance answers', async () => {
    const hung = await aServer(silence);
    const well = await aServer(answer('well'));
    const transport = aTransport([hung.url, well.url], { breaker: { ...breaker, failureRatio: 0.05 }, fairMs: 50 });
    for (let n = 0; n < 10; n += 1) await many(4, () => read(transport, 100));
    expect(stateOf(transport)).toMatchObject({ breaker: 'closed', breakerOpenings: 0 });
  });
});

describe('an instance that leaves', () => {
  test('is not chosen any more, finishes what it has, and its connections close', async () => {
    const leaving = await aServer(({ response }) => setTimeout(() => response.end('{"data":{"who":"leaving"}}'), 200));
    const staying = await aServer(answer('staying'));
    const list = changingInstances([{ id: 'leaving', url: leaving.url }]);
    const transport = httpTransport({ instances: list });
    cleanUp.push(() => transport.close());
    const closed = once(leaving.server, 'connection').then(([socket]) => once(socket, 'close'));
    const last = transport.send('cart', { query: '{ who }' }, call);
    await expect.poll(() => leaving.requests.length).toBe(1);
    list.set([{ id: 'staying', url: staying.url }]);
    expect(await last).toEqual({ data: { who: 'leaving' } });
    expect(await write(transport)).toEqual({ data: { who: 'staying' } });
    await closed;
    expect(transport.snapshot().cart?.instances.map(({ id }) => id)).toEqual(['staying']);
  });

  test('or says that it will is not chosen, unless there is no other', async () => {
    const one = await aServer(answer('one'));
    const two = await aServer(answer('two'));
    const list = changingInstances([
      { id: '1', url: one.url, draining: true },
      { id: '2', url: two.url },
    ]);
    const transport = httpTransport({ instances: list });
    cleanUp.push(() => transport.close());
    for (let n = 0; n < 20; n += 1) expect(await write(transport)).toEqual({ data: { who: 'two' } });
    list.set([{ id: '1', url: one.url, draining: true }]);
    expect(await write(transport)).toEqual({ data: { who: 'one' } });
  });
});
