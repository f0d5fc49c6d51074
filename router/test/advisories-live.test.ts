import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRaw } from './graph/live-client.ts';
import { type LiveGraph, runLiveGraph } from './graph/live-graph.ts';

/** Other tests may have the machine. */
const patiently = { timeout: 20_000 };

let graph: LiveGraph;
beforeAll(async () => {
  graph = await runLiveGraph({ subscriptions: { operationsPerConnection: 20 } });
});
afterAll(() => graph.close());

/** Sends a subscription over a WebSocket of its own. @returns what came of it */
async function subscribe(query: string): Promise<unknown> {
  const raw = await openRaw(graph.wsUrl);
  raw.received.splice(0);
  raw.send({ type: 'subscribe', id: 'attack', payload: { query } });
  await expect.poll(() => raw.received.find(({ id }) => id === 'attack'), patiently).toBeDefined();
  raw.socket.terminate();
  return raw.received.find(({ id }) => id === 'attack');
}

const refused = {
  type: 'error',
  payload: [expect.objectContaining({ extensions: expect.objectContaining({ code: 'OPERATION_TOO_COSTLY' }) })],
};

test.each([
  ['nested', `subscription { orderUpdated(id: 1) { ${'... { '.repeat(60)} id ${'}'.repeat(60)} } }`],
  [
    'nested as far as the parser goes',
    `subscription { orderUpdated(id: 1) ${'{ a '.repeat(4_500)}${'}'.repeat(4_500)} }`,
  ],
  [
    'spread over and over',
    `subscription { orderUpdated(id: 1) { ...F0 } } ${Array.from({ length: 24 }, (_, n) => `fragment F${n} on Order { ${n < 23 ? `...F${n + 1} ...F${n + 1}` : 'id'} }`).join(' ')}`,
  ],
  [
    'aliased',
    `subscription { orderUpdated(id: 1) { ${Array.from({ length: 500 }, (_, n) => `a${n}: label`).join(' ')} } }`,
  ],
])(
  'CVE-2026-30241 (GHSA-m4h2-mjfm-mp55): a subscription over a WebSocket is held to the limits too: %s',
  async (_what, query) => {
    expect(await subscribe(query)).toMatchObject(refused);
    expect(graph.scene.orders.followed).toBe(0);
  },
);

test('CVE-2026-35526 (GHSA-hv3w-m4g2-5x77): a WebSocket does not carry subscriptions without end', async () => {
  const raw = await openRaw(graph.wsUrl);
  raw.received.splice(0);
  for (let id = 0; id < 2_000; id += 1) {
    raw.send({
      type: 'subscribe',
      id: String(id),
      payload: { query: 'subscription { orderUpdated(id: 1) { status } }' },
    });
  }
  await expect.poll(() => raw.received.filter(({ type }) => type === 'error').length, patiently).toBe(1_980);
  expect(graph.scene.orders.followed).toBeLessThanOrEqual(20);
  raw.socket.terminate();
  await expect.poll(() => graph.scene.orders.followed, patiently).toBe(0);
});
