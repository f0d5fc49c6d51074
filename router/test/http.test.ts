import { composeSupergraph } from '@mercato/schema/compose';
import { Source } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { catalogSdl, stockSdl } from './graph/shop.ts';

describe('GraphQL over HTTP', () => {
  let graph: RunningGraph;
  let endpoint: string;
  beforeAll(async () => {
    graph = await runGraph({ corsOrigins: ['https://shop.example', 'http://localhost:*'] });
    endpoint = `${graph.router.url}/graphql`;
  });
  afterAll(() => graph.close());
  beforeEach(() => graph.log.splice(0));

  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(endpoint, { method: 'POST', headers, body });
  const codes = async (response: Response) =>
    ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors.map(
      ({ extensions }) => extensions.code,
    );

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    // Browsers go by what it begins with: CVE-2025-64166 (GHSA-v66j-6wwf-jc57).
    'text/plain; application/json',
    'text/plain;a=application/json',
    'multipart/form-data;application/json',
    'application/x-www-form-urlencoded\t/json',
  ])('a form of another site (%s) changes nothing', async (type) => {
    const response = await post(JSON.stringify({ query: 'mutation { adjust(by: 1) }' }), { 'content-type': type });
    expect([400, 415]).toContain(response.status);
    expect(await codes(response)).toEqual(['BAD_REQUEST']);
    expect(graph.seen.stock.calls).toEqual([]);
  });

  test('GET reads with a header that forms cannot send, and never changes anything', async () => {
    const get = (query: string, headers: Record<string, string>) =>
      fetch(`${endpoint}?query=${encodeURIComponent(query)}`, { headers });
    const bare = await get('{ warehouses }', {});
    expect(bare.status).toBe(400);
    expect(await codes(bare)).toEqual(['BAD_REQUEST']);

    const read = await get('{ warehouses }', { 'apollo-require-preflight': 'yes' });
    expect(await read.json()).toEqual({ data: { warehouses: ['MAIN'] } });

    const change = await get('mutation { adjust(by: 1) }', { 'apollo-require-preflight': 'yes' });
    expect(change.status).toBe(405);
    expect(graph.seen.stock.calls).toEqual([]);
  });

  test('a browser that opens the address finds the explorer', async () => {
    const response = await fetch(endpoint, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/graphiql');
  });

  test('no batches', async () => {
    const response = await post('[{"query":"{ warehouses }"},{"query":"{ warehouses }"}]');
    expect(response.status).toBe(400);
    expect(await codes(response)).toEqual(['BAD_REQUEST']);
  });

  test.each([
    ['no JSON', '{"query":'],
    ['nothing', ''],
    ['a forged prototype', '{"query":"{ warehouses }","variables":{"__proto__":{"x":1}}}'],
    ['no query', '{"variables":{}}'],
  ])('a body with %s is the caller’s mistake', async (_what, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await codes(response)).toEqual(['BAD_REQUEST']);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  test('a megabyte of text with every character escaped fits; more than 4 MiB does not', async () => {
    const variables = { id: '"'.repeat(1024 * 1024) };
    const fits = await graph.ask('query One($id: ID!) { product(id: $id) { title } }', { variables });
    expect(fits).toMatchObject({ status: 200, data: { product: null } });

    const response = await post(
      JSON.stringify({ query: '{ warehouses }', variables: { x: 'x'.repeat(4 * 1024 * 1024) } }),
    );
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ message: 'The request body is larger than 4 MiB.' }] });
  });

  const nested = (depth: number) => `{ product(id: 1) { ${'parent { '.repeat(depth)}id${' }'.repeat(depth)} } }`;
  const spread = (count: number) =>
    `{ product(id: 1) { ...F0 } } ${Array.from({ length: count }, (_, n) => `fragment F${n} on Product { parent { ${n + 1 < count ? `...F${n + 1}` : 'id'} } }`).join(' ')}`;
  test.each([
    ['nested fields', nested(30)],
    ['fields nested as far as the parser goes', nested(3_000)],
    ['nested fragments', spread(30)],
    ['inline fragments in each other', `{ product(id: 1) { ${'... { '.repeat(60)}id${' }'.repeat(60)} } }`],
    ['one field over and over', `{ ${'warehouses '.repeat(3_000)} }`],
  ])('%s are refused before they cost anything', async (_what, query) => {
    const startedAt = performance.now();
    const { status, errors } = await graph.ask(query);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COSTLY' } }]);
  });

  test.each([
    '{ product(id: 1) { __typename: title available } }',
    '{ products { ... { __proto__: title } } }',
    'query ($__proto__: Boolean = true) { products { title @include(if: $__proto__) } }',
  ])('names that objects keep for themselves are nobody’s: %s', async (query) => {
    const { data, errors } = await graph.ask(query);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  });

  test.each([
    ['{ product(id: 1) { available(plus: 3000000000) } }', '"plus" of "available": Int cannot represent non 32-bit'],
    [
      'query ($n: Int = 3000000000) { product(id: 1) { available(plus: $n) } }',
      '"$n": Int cannot represent non 32-bit',
    ],
    ['{ warehouses @include(if: "x") }', '"if" of "@include": Boolean cannot represent'],
    ['{ product(id: { a: 1 }) { title } }', '"id" of "product": ID cannot represent'],
  ])('a value that does not fit is told with what it is given for: %s', async (query, message) => {
    const { errors } = await graph.ask(query);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
  });

  test('a condition is true or false: null is refused, also where there is a default', async () => {
    const query = 'query ($no: Boolean = true) { products { id title @skip(if: $no) } }';
    const { data, errors } = await graph.ask(query, { variables: { no: null } });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([
      { message: expect.stringContaining('"$no" is null'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect((await graph.ask(query)).data).toHaveProperty('products.0', { id: '1' });
    const inFragment = `query ($no: Boolean = true) { products { ...P } } fragment P on Product { id title @skip(if: $no) }`;
    expect((await graph.ask(inFragment, { variables: { no: null } })).errors).toHaveLength(1);
  });

  test('conditions of another operation in the document are no concern of this one', async () => {
    const document = `
      query Asked($no: Int) { products { id available(plus: $no) } }
      query Other($no: Boolean = true) { products { id title @skip(if: $no) } }`;
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document, operationName: 'Asked', variables: { no: null } }),
    });
    expect(await response.json()).toMatchObject({ data: { products: [{ id: '1' }, { id: '2' }, { id: '3' }] } });
    graph.seen.stock.calls.length = 0;
  });

  test('what is within the limits is answered', async () => {
    expect((await graph.ask(nested(20))).errors).toEqual([]);
    expect((await graph.ask(spread(20))).errors).toEqual([]);
    expect((await graph.ask(`{ ${'warehouses '.repeat(300)} }`)).errors).toEqual([]);
  });

  test('fragments that spread each other are invalid, not endless', async () => {
    const query = '{ product(id: 1) { ...A } } fragment A on Product { ...B } fragment B on Product { ...A }';
    const accept = 'application/graphql-response+json';
    const errors = [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }];
    expect(await graph.ask(query, { headers: { accept } })).toMatchObject({ status: 400, errors });
    // For clients that know only the older media type the body tells, whatever the status.
    expect(await graph.ask(query)).toMatchObject({ status: 200, errors });
  });

  test.each(['constructor', '__proto__', 'toString'])('nobody answers in the type %s', async (accept) => {
    const { status, headers } = await graph.ask('{ warehouses }', { headers: { accept } });
    expect(status).toBe(406);
    expect(headers.get('content-type')).toContain('application/json');
  });

  test('a document of too many tokens is not read to its end', async () => {
    const { status, errors } = await graph.ask(`{ ${'a: warehouses '.repeat(9_000)} }`);
    expect(status).toBe(400);
    expect(errors).toMatchObject([
      { message: expect.stringContaining('more than 10000 tokens'), extensions: { code: 'OPERATION_TOO_COSTLY' } },
    ]);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s is no way to ask', async (method) => {
    const body = JSON.stringify({ query: 'mutation { adjust(by: 1) }' });
    const response = await fetch(endpoint, { method, headers: { 'content-type': 'application/json' }, body });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
    expect(await codes(response)).toEqual(['BAD_REQUEST']);
    expect(graph.seen.stock.calls).toEqual([]);
  });

  test('addresses that are nothing say so in JSON', async () => {
    const response = await fetch(`${graph.router.url}/nothing`);
    expect(response.status).toBe(404);
    expect(await codes(response)).toEqual(['NOT_FOUND']);
  });

  test.each([
    ['https://studio.apollographql.com', true],
    ['https://shop.example', true],
    ['http://localhost:5173', true],
    ['http://localhost', true],
    ['http://localhost.evil.example', false],
    ['http://localhost:5173.evil.example', false],
    ['https://localhost:5173', false],
    ['https://evil.example', false],
  ])('a page of %s may call: %s', async (origin, allowed) => {
    const response = await fetch(endpoint, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(response.headers.get('access-control-allow-origin')).toBe(allowed ? origin : null);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    if (allowed) expect(response.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  test('a request id is given, taken from the client, or replaced when it could forge a log line', async () => {
    const idFor = async (given?: string) =>
      (await graph.ask('{ warehouses }', given ? { headers: { 'x-request-id': given } } : {})).headers.get(
        'x-request-id',
      );
    expect(await idFor()).toMatch(/^[\da-f-]{36}$/);
    expect(await idFor('order-17')).toBe('order-17');
    expect(await idFor('a b')).toMatch(/^[\da-f-]{36}$/);
  });

  test('the request id travels on to the subgraphs', async () => {
    await graph.ask('{ whoAmI }', { headers: { 'x-request-id': 'walks-on' } });
    expect(graph.seen.catalog.calls.at(-1)?.requestId).toBe('walks-on');
  });

  test('one line an operation, with its name, client and outcome, without its variables or token', async () => {
    const token = await graph.token({ kind: 'customer' });
    await graph.ask('query TheShelf($id: ID!) { product(id: $id) { id } refused }', {
      variables: { id: 'cart-secret-17' },
      headers: { authorization: `Bearer ${token}`, 'apollographql-client-name': 'storefront' },
    });
    expect(graph.log).toMatchObject([
      {
        msg: 'operation',
        operation: 'TheShelf',
        type: 'query',
        status: 'errors',
        codes: ['BAD_USER_INPUT'],
        viewer: 'customer',
        client: 'storefront',
        durationMs: expect.any(Number),
        requestId: expect.any(String),
      },
    ]);
    expect(JSON.stringify(graph.log)).not.toMatch(/cart-secret-17|Bearer|eyJ/);
  });
});

test('without introspection neither the schema nor hints of it are told, and there is no explorer', async () => {
  const finding = catalogSdl.replace('whoAmI: String', 'whoAmI: String find(by: Finding): Product');
  const graph = await runGraph({
    introspection: false,
    supergraphSdl: composeSupergraph([
      { name: 'catalog', source: new Source(`${finding} input Finding { handle: String }`, 'catalog') },
      { name: 'stock', source: new Source(stockSdl, 'stock') },
    ]),
  });
  const schema = await graph.ask('{ __schema { types { name } } }');
  const typo = await graph.ask('{ warehouse }');
  const find = 'query ($by: Finding) { find(by: $by) { id } }';
  const misspelt = await graph.ask(find, { variables: { by: { handel: 'x' } } });
  const explorer = await fetch(`${graph.router.url}/graphiql`);
  await graph.close();

  expect(schema.data).toBeUndefined();
  expect(schema.errors[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
  expect(typo.errors[0]?.message).not.toContain('Did you mean');
  expect(misspelt.errors).toMatchObject([
    { message: expect.stringMatching(/Field "handel" is not defined by type "Finding"\.$/) },
  ]);
  expect(explorer.status).toBe(404);
});

test('a port in use is said at once', async () => {
  const graph = await runGraph();
  const port = Number(new URL(graph.router.url).port);
  await expect(runGraph({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await graph.close();
});
