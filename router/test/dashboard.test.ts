import { get } from 'node:http';
import { connectQueues, defineJob, type Queues } from '@mercato/queue';
import { createLogger } from '@mercato/telemetry';
import { emptyTestDatabase, type TestDatabase } from '@mercato/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';

let database: TestDatabase;
let queues: Queues;
beforeAll(async () => {
  database = await emptyTestDatabase('dashboard');
  queues = await connectQueues(
    { kind: 'postgres', url: database.url },
    { logger: createLogger({ name: 'test', level: 'silent' }) },
  );
  await queues.add(defineJob({ queue: 'inventory', name: 'count', payload: z.object({}) }), {});
});
afterAll(async () => {
  await queues.close();
  await database.drop();
});

const dashboard = (openDashboard: boolean) => runGraph({ queues, queueNames: ['inventory'], openDashboard });
const basic = (token: string) => ({ authorization: `Basic ${Buffer.from(`anyone:${token}`).toString('base64')}` });

describe('the dashboard, guarded', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await dashboard(false);
  });
  afterAll(() => graph.close());

  const visit = (headers: Record<string, string> = {}, path = '', init: RequestInit = {}) =>
    fetch(`${graph.router.url}/queues${path}`, { ...init, headers });

  test.each(['', '/', '/api/queues', '/static/js/main.js'])(
    'queues%s wants a token, and says how to get one',
    async (path) => {
      const response = await visit({}, path);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toContain('Basic');
      expect(await response.text()).toContain('npm run -s token -- --scope queues:admin');
    },
  );

  test('staff with the scope see the queues, with a bearer or the browser’s login', async () => {
    const token = await graph.token({ scopes: ['queues:admin'] });
    for (const headers of [{ authorization: `Bearer ${token}` }, basic(token)]) {
      const page = await visit(headers, '/');
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('Mercato queues');
      const answer = await visit(headers, '/api/queues');
      expect(await answer.json()).toMatchObject({ queues: [{ name: 'inventory', counts: { waiting: 1 } }] });
    }
  });

  test.each([
    ['staff without the scope', { scopes: ['inventory:read'] }],
    ['a customer with the scope', { scopes: ['queues:admin'], kind: 'customer' as const }],
    ['an expired token', { scopes: ['queues:admin'], expires: '-1m' }],
  ])('%s stay out', async (_who, claims) => {
    const token = await graph.token(claims);
    expect((await visit({ authorization: `Bearer ${token}` }, '/api/queues')).status).toBe(401);
    expect((await visit(basic(token), '/api/queues')).status).toBe(401);
  });

  test('a page of another site cannot press its buttons with the login that the browser keeps', async () => {
    const login = basic(await graph.token({ scopes: ['queues:admin'] }));
    const press = (headers: Record<string, string>) =>
      visit({ ...login, ...headers }, '/api/queues/inventory/pause', { method: 'PUT' });
    expect((await press({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await press({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await press({ origin: graph.router.url })).status).toBe(200);
  });
});

describe('the dashboard, open to this machine', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await dashboard(true);
  });
  afterAll(() => graph.close());

  const statusFor = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(graph.router.url);
      get({ hostname, port, path: '/queues/api/queues', headers }, (response) => {
        resolve(response.resume().statusCode);
      }).on('error', reject);
    });

  test.each([
    ['a browser here', {}, 200],
    ['a browser here, by name', { host: 'localhost:4000' }, 200],
    ['a page whose name was made to lead here', { host: 'evil.example' }, 401],
    ['someone behind a proxy on this machine', { 'x-forwarded-for': '203.0.113.9' }, 401],
  ])('%s', async (_who, headers, status) => {
    expect(await statusFor(headers as Record<string, string>)).toBe(status);
  });
});
