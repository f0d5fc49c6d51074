import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { composeSupergraph, supergraphFile } from '@mercato/schema/compose';
import { getIntrospectionQuery, Source } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answered, type RunningGraph, runGraph } from './graph/running-graph.ts';

/** What a client waits at the most, for a refusal or for an answer; a machine that is busy with other tests has it too. */
const fast = 3_000;

let graph: RunningGraph;
beforeAll(async () => {
  graph = await runGraph();
  await graph.ask('{ warehouses }');
});
afterAll(() => graph.close());

/** Sends a document as an attacker would, and another client's small question with it: neither has long to wait. */
async function replay(query: string, variables?: Record<string, unknown>): Promise<Answered> {
  const startedAt = performance.now();
  const attack = graph.ask(query, variables ? { variables } : {});
  const bystander = await graph.ask('{ warehouses }');
  const answered = await attack;
  expect(performance.now() - startedAt).toBeLessThan(fast);
  expect(bystander.data).toEqual({ warehouses: ['MAIN'] });
  return answered;
}

async function isRefused(query: string, code = 'OPERATION_TOO_COSTLY'): Promise<void> {
  const { errors, data, text } = await replay(query);
  expect(data).toBeUndefined();
  expect(errors.map(({ extensions }) => extensions.code)).toContain(code);
  // An answer that is many times the question is an attack of its own.
  expect(text.length).toBeLessThan(Math.max(20_000, 2 * query.length));
}

async function send(init: RequestInit, search = ''): Promise<{ status: number; text: string }> {
  const startedAt = performance.now();
  const response = await fetch(`${graph.router.url}/graphql${search}`, init);
  const text = await response.text();
  expect(performance.now() - startedAt).toBeLessThan(fast);
  return { status: response.status, text };
}

/** Each fragment spreads the next several times: written out, the last stands there `times` to the power of `count`. */
const doubling = (count: number, times: number, body: (next: string) => string, last = 'id') =>
  Array.from(
    { length: count },
    (_, n) =>
      `fragment F${n} on Product { ${Array(times)
        .fill(body(n + 1 < count ? `...F${n + 1}` : last))
        .join(' ')} }`,
  ).join('\n');

describe('fragments that are nested and spread over and over', () => {
  test('CVE-2025-32030 (GHSA-q2f9-x4p4-7xmh), CVE-2025-32034: planning wrote each spread out', () =>
    isRefused(`{ product(id: 1) { ...F0 } } ${doubling(24, 3, (next) => next)}`));

  test('CVE-2025-32031 (GHSA-p2q6-pwh5-m6jr), CVE-2025-32032: selections that planning has no shortcut for', () =>
    isRefused(
      `{ product(id: 1) { ...F0 } } ${doubling(20, 1, (next) => `a: parent { ${next} } b: parent { ${next} }`)}`,
    ));

  test('the same under conditions that are not known before the variables are', () =>
    isRefused(
      `query ($x: Boolean = true) { product(id: 1) { ...F0 } } ${doubling(20, 1, (next) => `... @include(if: $x) { ${next} } ... @skip(if: $x) { parent { ${next} } }`)}`,
    ));

  test('CVE-2025-31496, CVE-2025-32380: validation went through each spread', () =>
    isRefused(`{ product(id: 1) { ...F0 ...F0 } } ${doubling(22, 2, (next) => `${next} title`)}`));

  // 2^32 and 2^64 of them: as many as none, to a counter of so many bits.
  test.each([32, 64])('CVE-2025-32033: a count of two to the power of %i does not begin at nothing again', (bits) =>
    isRefused(`{ product(id: 1) { ...F0 } } ${doubling(bits / 2, 4, (next) => next)}`),
  );

  test('fragments within themselves', () =>
    isRefused(
      '{ product(id: 1) { ...A } } fragment A on Product { parent { ...A } ...B } fragment B on Product { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ));

  test('as many as the limits allow are planned, or given up', async () => {
    const { status, errors } = await replay(
      `{ product(id: 1) { ...F0 } } ${doubling(8, 1, (next) => `a: parent { ${next} } b: parent { available ${next} }`, 'id title available')}`,
    );
    if (status === 200) expect(errors).toEqual([]);
    else expect(errors[0]?.extensions.code).toBe('OPERATION_TOO_COSTLY');
  });
});

describe('fields that are compared with each other', () => {
  const repeated = (count: number, field: string) => Array(count).fill(field).join(' ');

  test('CVE-2023-26144, CVE-2026-40476, CVE-2024-39895 (GHSA-7hmh-pfrp-vcx4): one field thousands of times', () =>
    isRefused(`{ ${repeated(4_000, 'warehouses')} }`));

  test('GHSA-fc86-6rv6-2jpm: inline fragments within inline fragments', () =>
    isRefused(`{ ${repeated(200, `... { product(id: 1) { ${repeated(10, '... { id }')} } }`)} }`));

  test.each([
    [900, 'OPERATION_TOO_COSTLY'],
    [300, 'GRAPHQL_VALIDATION_FAILED'],
  ])('graphql-core#270: %i fields whose arguments differ', (count, code) => {
    const fields = Array.from({ length: count }, (_, n) => `available(plus: ${n})`).join(' ');
    return isRefused(`{ product(id: 1) { ${fields} } }`, code);
  });

  test('fragments that are compared with each other', () =>
    isRefused(
      `{ product(id: 1) { ${Array.from({ length: 190 }, (_, n) => `...F${n}`).join(' ')} } } ${Array.from({ length: 190 }, (_, n) => `fragment F${n} on Product { id title parent { id title } }`).join(' ')}`,
    ));

  test('errors of a document that is wrong everywhere are told to a limit', async () => {
    const { errors, text } = await replay(`{ ${Array.from({ length: 45 }, (_, n) => `nothing${n}`).join(' ')} }`);
    expect(errors.length).toBeLessThanOrEqual(21);
    expect(text.length).toBeLessThan(50_000);
  });
});

describe('what a parser calls itself for', () => {
  const deep = 4_500;
  test.each([
    ['selection sets', `{ product(id: 1) ${'{ parent '.repeat(deep)} { id } ${'}'.repeat(deep)} }`],
    ['lists', `{ product(id: ${'['.repeat(deep)}1${']'.repeat(deep)}) { id } }`],
    ['objects', `{ product(id: ${'{ a: '.repeat(deep / 2)}1${'}'.repeat(deep / 2)}) { id } }`],
    ['types', `query ($id: ${'['.repeat(deep)}ID${']'.repeat(deep)}) { product(id: $id) { id } }`],
    ['inline fragments', `{ ${'... { '.repeat(deep / 2)} warehouses ${'}'.repeat(deep / 2)} }`],
  ])('CVE-2026-40324, GHSA-r7cg-qjjm-xhqq, CVE-2023-28867: %s, 40 KB deep', (_what, query) => isRefused(query));

  test('the same in variables', async () => {
    const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const { status, text } = await send({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":"query ($id: ID!) { product(id: $id) { id } }","variables":{"id":${nested}}}`,
    });
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY' } }] });
  });

  test('a number of ten thousand digits is no number', () =>
    isRefused(`{ product(id: 1) { available(plus: ${'9'.repeat(10_000)}) } }`, 'GRAPHQL_VALIDATION_FAILED'));

  test('comments are counted, though they are no tokens', () => isRefused(`${'#\n'.repeat(100_000)}{ warehouses }`));
});

describe('directives and aliases by the thousand', () => {
  test.each([
    ['known', '@include(if: true)'],
    ['unknown', '@aa'],
  ])('CVE-2024-47614, graphql-java#2888, graphql-php#1673: %s directives at one field', (_what, directive) =>
    isRefused(`{ warehouses ${Array(1_200).fill(directive).join('')} }`),
  );

  test('the same at many fields', () =>
    isRefused(`{ ${Array.from({ length: 900 }, () => 'warehouses @aa @bb').join(' ')} }`));

  test('GHSA-6q22-g298-grjh: one dear field under a thousand names', async () => {
    graph.seen.catalog.calls.splice(0);
    await isRefused(`{ ${Array.from({ length: 1_000 }, (_, n) => `a${n}: whoAmI`).join(' ')} }`);
    expect(graph.seen.catalog.calls).toEqual([]);
  });

  test('CVE-2026-35441 (GHSA-ph52-67fq-75wj): aliases below, through fragments', () =>
    isRefused(
      `{ products { ...F0 } } ${doubling(4, 1, (next) => Array.from({ length: 8 }, (_, n) => `a${n}: parent { ${next} }`).join(' '))}`,
    ));

  test('__typename under a thousand names', () =>
    isRefused(`{ ${Array.from({ length: 1_000 }, (_, n) => `a${n}: __typename`).join(' ')} }`));
});

describe('introspection', () => {
  const circle = (depth: number): string => (depth === 0 ? 'name' : `fields { type { ${circle(depth - 1)} } }`);

  test('CVE-2024-40094: types of fields of types', () =>
    isRefused(`{ __schema { types { ${circle(8)} } } }`, 'GRAPHQL_VALIDATION_FAILED'));

  test('the same through fragments', () =>
    isRefused(
      `{ __schema { types { ...T0 } } } ${Array.from({ length: 8 }, (_, n) => `fragment T${n} on __Type { fields { type { ${n < 7 ? `...T${n + 1}` : 'name'} } } }`).join(' ')}`,
      'GRAPHQL_VALIDATION_FAILED',
    ));

  test('the schema many times over', () => {
    const whole = getIntrospectionQuery();
    return isRefused(
      whole.replace(
        /__schema \{/,
        `${Array.from({ length: 20 }, (_, n) => `s${n}: __schema { types { name } }`).join(' ')} __schema {`,
      ),
    );
  });

  test('the explorers’ own question is answered', async () => {
    const { errors, data } = await replay(getIntrospectionQuery());
    expect(errors).toEqual([]);
    expect(data?.__schema).toBeTruthy();
  });
});

describe('answers that are many times the question', () => {
  test.each([
    '{ categories { children { children { children { children { id } } } } } }',
    '{ products(first: 100) { nodes { variants { stockLevels(first: 100) { nodes { id: __typename } } } } } }',
    '{ products(first: 2147483647) { nodes { variants { sku } } } }',
  ])('GHSA-h9mw-h4qc-f5jf: %s', async (query) => {
    const shop = await runGraph({ supergraphSdl: readFileSync(supergraphFile, 'utf8') });
    const { status, errors } = await shop.ask(query);
    await shop.close();
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COSTLY', maximumCost: 30_000 } }]);
  });
});

describe('what travels around the limits', () => {
  test('CVE-2024-28101 (GHSA-cgqf-3cq5-wvcj): a small compressed body that is a large one', async () => {
    const body = gzipSync(JSON.stringify({ query: `{ warehouses } #${' '.repeat(50 * 1024 * 1024)}` }));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const { status, text } = await send({ method: 'POST', headers, body });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toContain('MAIN');
  });

  test.each(['utf-7', 'x-mac-cyrillic', 'iso-2022-jp', 'not-a-charset'])(
    'CVE-2026-23897 (GHSA-mp6q-xf9x-fwf7): a body that says it is in %s',
    async (charset) => {
      const body = JSON.stringify({ query: '{ warehouses }', variables: { x: 'x'.repeat(100_000) } });
      const { status } = await send({
        method: 'POST',
        headers: { 'content-type': `application/json; charset=${charset}` },
        body,
      });
      expect(status).toBeLessThan(500);
    },
  );

  test.each(['message/http', 'text/plain', 'application/graphql', 'message/', ''])(
    'GHSA-9q82-xgwf-vj6h: a GET of another site’s page that says it is "%s"',
    async (type) => {
      const search = `?query=${encodeURIComponent('{ warehouses }')}`;
      const { status, text } = await send({ headers: type ? { 'content-type': type } : {} }, search);
      expect([400, 415]).toContain(status);
      expect(text).not.toContain('MAIN');
    },
  );

  test('a batch is not a way to ask a thousand times', async () => {
    const body = JSON.stringify(Array(1_000).fill({ query: '{ warehouses }' }));
    const { status, text } = await send({ method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(status).toBe(400);
    expect(text).not.toContain('MAIN');
  });
});

describe('GHSA-fmj9-77q8-g6c4 (CVE-2024-43414): more ways to plan a query than a number can count', () => {
  const fields = Array.from({ length: 60 }, (_, n) => `f${n}: T`).join(' ');
  const sdl = (name: string) => `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
    type Query { t: T @shareable }
    type T @key(fields: "id") @shareable { id: ID! ${fields} own${name}: Int }
  `;
  const names = ['a', 'b', 'c', 'd'];

  test('is planned, or given up, while others are served', async () => {
    const supergraphSdl = composeSupergraph(
      names.map((name) => ({ name, source: new Source(sdl(name), `${name}.graphql`) })),
    );
    const shared = await runGraph({ supergraphSdl });
    const each = Array.from(
      { length: 60 },
      (_, n) => `f${n} { ${Array.from({ length: 12 }, (_, m) => `f${m} { id }`).join(' ')} }`,
    );
    const startedAt = performance.now();
    const attack = shared.ask(`{ t { ${each.join(' ')} } }`);
    const bystander = await shared.ask('{ __typename }');
    const { errors } = await attack;
    await shared.close();
    expect(bystander.data).toEqual({ __typename: 'Query' });
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    // None of its subgraphs is there: what was planned finds nobody.
    for (const { extensions } of errors)
      expect(['OPERATION_TOO_COSTLY', 'SUBGRAPH_UNAVAILABLE']).toContain(extensions.code);
  });
});
