import { createViewerVerifier } from '@mercato/auth';
import { createLogger } from '@mercato/telemetry';
import { signerOf, trustedKeys } from '@mercato/testkit';
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSubgraphServer } from '../src/index.ts';

// Metrics are the process's: no other test counts under this name.
const subgraph = createSubgraphServer({
  name: 'metered',
  typeDefs: parse('type Query { levels: Int broken: Int }'),
  resolvers: {
    Query: {
      levels: () => 7,
      broken: () => {
        throw new Error('It broke.');
      },
    },
  },
  verifier: createViewerVerifier('metered', trustedKeys),
  logger: createLogger({ name: 'test', level: 'silent' }),
  context: (call) => call,
  ready: async () => {},
  close: async () => {},
});

let running: { url: string; close(): Promise<void> };
beforeAll(async () => {
  running = await subgraph.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => running?.close());

test('requests are told by their first field and end, to whoever asks for health too', async () => {
  const authorization = `Bearer ${await signerOf('router').sign('metered')}`;
  const ask = async (query: string) => {
    const response = await fetch(running.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query }),
    });
    await response.text();
  };
  await ask('query A { levels }');
  await ask('query B { ... on Query { levels } broken }');
  await ask('{ broken }');
  await ask('{ nothing }');
  const response = await fetch(new URL('/metrics', running.url));
  const text = await response.text();
  const requests = (field: string, outcome: string) =>
    `mercato_subgraph_requests_total{subgraph="metered",field="${field}",outcome="${outcome}"}`;
  expect(text).toContain(`${requests('levels', 'ok')} 1`);
  expect(text).toContain(`${requests('levels', 'errors')} 1`);
  expect(text).toContain(`${requests('broken', 'errors')} 1`);
  expect(text).toContain(`${requests('invalid', 'errors')} 1`);
  expect(text).toContain('mercato_subgraph_request_duration_seconds_count{subgraph="metered",field="levels"} 2');
  expect(text).not.toContain(authorization.slice(7));
});
