import { afterEach, describe, expect, test } from 'vitest';
import {
  BoundedNames,
  Counter,
  exposition,
  listenForMetrics,
  type MetricsListener,
  measureOutbox,
  measureStatements,
  Registry,
} from '../src/metrics/index.ts';

describe('names from outside', () => {
  test('have a place for as many as there may be; the others share one', () => {
    const names = new BoundedNames(2, ['kept']);
    expect(['a', 'b', 'c', 'a', 'kept', 'd'].map((name) => names.labelOf(name))).toEqual([
      'a',
      'b',
      'other',
      'a',
      'kept',
      'other',
    ]);
  });

  test.each([['two\nlines'], ['x'.repeat(65)], [''], ['a"} 1']])('like %j have none', (name) => {
    expect(new BoundedNames(10).labelOf(name)).toBe('other');
  });
});

describe('what a process measures', () => {
  let listener: MetricsListener | undefined;
  afterEach(() => listener?.close());

  const scrape = async (...registries: Registry[]) => {
    listener = await listenForMetrics(exposition(...registries), { port: 0, host: '127.0.0.1' });
    return fetch(listener.url);
  };

  test('is told in the text format, with what is its own', async () => {
    const own = new Registry();
    new Counter({ name: 'own_total', help: 'Own', registers: [own] }).inc(3);
    const response = await scrape(own);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await response.text();
    expect(text).toContain('own_total 3');
    expect(text).toContain('process_resident_memory_bytes');
  });

  test('statements by database', async () => {
    const ended = measureStatements('shop');
    ended(true, performance.now());
    ended(false, performance.now() - 20);
    const text = await (await scrape()).text();
    expect(text).toContain('mercato_sql_statements_total{database="shop",outcome="ok"} 1');
    expect(text).toContain('mercato_sql_statements_total{database="shop",outcome="error"} 1');
    expect(text).toContain('mercato_sql_statement_duration_seconds_bucket{le="0.01",database="shop"} 1');
  });

  test('an outbox whose database does not answer is missing, not empty', async () => {
    const ends = [
      measureOutbox('postgresql://here/orders', async () => ({ events: 4, oldestSeconds: 1.5 })),
      measureOutbox('postgresql://gone/stock', () => Promise.reject(new Error('It is gone.'))),
    ];
    const text = await (await scrape()).text();
    expect(text).toContain('mercato_outbox_pending_events{database="orders"} 4');
    expect(text).toContain('mercato_outbox_oldest_pending_seconds{database="orders"} 1.5');
    expect(text).not.toContain('database="stock"');
    for (const end of ends) end();
  });

  test('and nothing else is at that port', async () => {
    await scrape();
    const { origin } = new URL(listener?.url ?? '');
    expect((await fetch(`${origin}/`)).status).toBe(404);
    expect((await fetch(`${origin}/metrics`, { method: 'POST' })).status).toBe(404);
  });
});
