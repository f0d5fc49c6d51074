import { describe, expect, test } from 'vitest';
import { aContentFolder, aContentServer, numberedFaqs } from './a-content-server.ts';

const adminToken = 'the-admin-token-of-this-test';
const query = '{ faqs { question } }';
const faultyServer = async (options: Parameters<typeof aContentServer>[0] = {}) =>
  aContentServer({ dataDir: await aContentFolder({ Faq: numberedFaqs(1) }), faults: { adminToken }, ...options });

const adminUrl = (url: string): string => new URL('/__faults', url).href;
const admin = (url: string, method: string, body?: unknown, token = adminToken) =>
  fetch(adminUrl(url), {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

describe('faults', () => {
  test.each([
    ['500', 500],
    ['429', 429],
    ['413', 413],
  ] as const)('%s is answered as often as told, with the envelope', async (mode, status) => {
    const server = await faultyServer();
    await admin(server.url, 'POST', { mode, times: 2 });
    for (const expected of [status, status, 200]) expect((await server.ask(query)).status).toBe(expected);
    server.faults.set({ mode, times: 1 });
    const failed = await server.ask(query);
    expect(failed.data).toBeNull();
    expect(failed.requestId).toMatch(/^cl/);
  });

  test('garbage is half of a JSON text with status 200', async () => {
    const server = await faultyServer();
    server.faults.set({ mode: 'garbage' });
    const response = await server.send(query);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    const text = await response.text();
    expect(() => JSON.parse(text)).toThrow();
  });

  test('latency answers late and rightly', async () => {
    const server = await faultyServer();
    server.faults.set({ mode: 'latency', ms: 150, times: 1 });
    const began = performance.now();
    expect((await server.ask(query)).data).toEqual({ faqs: [{ question: 'Question 1' }] });
    expect(performance.now() - began).toBeGreaterThanOrEqual(145);
  });

  test('a hanging request never ends by itself, and does not keep the server from closing', async () => {
    const server = await faultyServer();
    server.faults.set({ mode: 'hang' });
    await expect(server.ask(query, { signal: AbortSignal.timeout(200) })).rejects.toThrow(/timeout|aborted/i);
    const hanging = server.ask(query).then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(() => server.faults.state.hits).toBe(2);
    await server.close();
    expect(await hanging).toBe('cut off');
  });

  test('pictures are served whatever befalls the API', async () => {
    const server = await aContentServer({ faults: { initial: { mode: '500' } } });
    expect((await server.ask(query)).status).toBe(500);
    server.faults.clear();
    const { data } = await server.ask('{ assets(first: 1) { url } }');
    const url = /http[^"]+/.exec(JSON.stringify(data))?.[0] ?? '';
    server.faults.set({ mode: '500' });
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('the admin route', () => {
  test('tells what is set, and clears it', async () => {
    const server = await faultyServer();
    expect(await (await admin(server.url, 'POST', { mode: '500', times: 3 })).json()).toMatchObject({ left: 3 });
    await server.ask(query);
    expect(await (await admin(server.url, 'GET')).json()).toMatchObject({ fault: { mode: '500' }, left: 2, hits: 1 });
    await admin(server.url, 'DELETE');
    expect((await server.ask(query)).status).toBe(200);
  });

  test('is closed without its token, and is not there without a configured one', async () => {
    const server = await faultyServer();
    expect((await admin(server.url, 'POST', { mode: '500' }, 'wrong')).status).toBe(401);
    expect((await fetch(adminUrl(server.url))).status).toBe(401);
    expect((await server.ask(query)).status).toBe(200);
    const plain = await faultyServer({ faults: {} });
    expect((await admin(plain.url, 'POST', { mode: '500' })).status).toBe(404);
  });

  test('refuses faults it does not know', async () => {
    const server = await faultyServer();
    expect((await admin(server.url, 'POST', { mode: 'melt' })).status).toBe(400);
    expect((await admin(server.url, 'POST', { mode: '500', times: 0 })).status).toBe(400);
  });
});

describe('the cached address', () => {
  test('keeps an answer while it is fresh', async () => {
    const server = await faultyServer();
    await server.ask(query, { url: server.cdnUrl });
    server.faults.set({ mode: '500' });
    expect((await server.ask(query, { url: server.cdnUrl })).status).toBe(200);
    expect((await server.ask('{ faqs { id } }', { url: server.cdnUrl })).status).toBe(500);
  });

  test('gives a stale answer when the origin fails, to those who allow it', async () => {
    const server = await faultyServer({ edgeFreshMs: 0 });
    await server.ask(query, { url: server.cdnUrl });
    server.faults.set({ mode: '500' });
    expect((await server.ask(query, { url: server.cdnUrl })).status).toBe(500);
    const allowed = await server.ask(query, { url: server.cdnUrl, headers: { 'hyg-stale-if-error': '60' } });
    expect(allowed).toMatchObject({ status: 200, data: { faqs: [{ question: 'Question 1' }] } });
  });

  test('gives a stale answer at once while it fetches a new one', async () => {
    const server = await faultyServer({ edgeFreshMs: 0 });
    await server.ask(query, { url: server.cdnUrl });
    server.faults.set({ mode: 'hang', times: 1 });
    const headers = { 'hyg-stale-while-revalidate': '60' };
    expect((await server.ask(query, { url: server.cdnUrl, headers })).status).toBe(200);
    await expect.poll(() => server.faults.state.hits).toBe(1);
  });
});
