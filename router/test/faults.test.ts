import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { brokenSubgraph, httpReply } from './graph/broken-subgraph.ts';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { behaviour, shut } from './graph/shop.ts';

const everything = '{ products { title available } warehouses }';

describe('a subgraph that is in trouble', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph({ timeouts: { subgraph: 300, operation: 1_000 } });
  });
  afterAll(() => graph.close());
  beforeEach(async () => {
    Object.assign(graph.seen.stock, behaviour());
    await graph.stop('stock');
    await graph.start('stock');
  });

  test('all up: one answer from both', async () => {
    const { status, data, errors } = await graph.ask(everything);
    expect({ status, data, errors }).toEqual({
      status: 200,
      data: {
        products: [1, 2, 3].map((id) => ({ title: `Product ${id}`, available: 7 })),
        warehouses: ['MAIN'],
      },
      errors: [],
    });
  });

  const troubles: [string, () => Promise<{ url: string; close(): Promise<void> }>, RegExp][] = [
    [
      'is killed',
      async () => {
        const server = await brokenSubgraph(undefined);
        await server.close();
        return server;
      },
      /cannot be reached/,
    ],
    ['hangs', () => brokenSubgraph(undefined), /did not answer in time/],
    ['talks nonsense', () => brokenSubgraph(httpReply('<html>502 Bad Gateway from 10.0.0.7</html>')), /not GraphQL/],
    ['answers JSON that is no answer', () => brokenSubgraph(httpReply('[1]')), /not GraphQL/],
    [
      'breaks off in the middle',
      () => brokenSubgraph('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"da'),
      /did not answer in time|cannot be reached/,
    ],
  ];
  test.each(troubles)('%s: the rest is served, the error names it and no address', async (_what, trouble, sentence) => {
    const broken = await trouble();
    graph.urls.stock = broken.url;
    const { status, data, errors, text } = await graph.ask(everything);
    await broken.close();

    expect(status).toBe(200);
    expect(data).toEqual({
      products: [1, 2, 3].map((id) => ({ title: `Product ${id}`, available: null })),
      warehouses: null,
    });
    expect(errors).toHaveLength(2);
    for (const { message, extensions } of errors) {
      expect(message).toMatch(sentence);
      expect(extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', service: 'stock' });
    }
    expect(errors.map(({ path }) => path)).toEqual(
      expect.arrayContaining([['warehouses'], ['products', 0, 'available']]),
    );
    expect(text).not.toMatch(/127\.0\.0\.1|10\.0\.0\.7|http:|ECONN|stack/);
  });

  test.each([
    ['no list', 'x'],
    ['too few', [{ __typename: 'Product', available: 7 }]],
  ])('entities that are %s are none at all', async (_what, entities) => {
    const broken = await brokenSubgraph(httpReply(JSON.stringify({ data: { _entities: entities } })));
    graph.urls.stock = broken.url;
    const { data, errors } = await graph.ask('{ products { title available } }');
    await broken.close();
    expect(data).toEqual({ products: [1, 2, 3].map((id) => ({ title: `Product ${id}`, available: null })) });
    expect(errors).toMatchObject([
      { path: ['products', 0, 'available'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
    ]);
  });

  const deep = (open: string, close: string) => `${open.repeat(50_000)}1${close.repeat(50_000)}`;
  const entity = `{"__typename":"Product","available":${deep('{"a":', '}')}}`;
  test.each([
    ['values', `{"data":{"_entities":[${entity},${entity},null]}}`],
    ['lists for entities', `{"data":{"_entities":[${deep('[', ']')},null,null]}}`],
    ['what it says of errors', `{"errors":[{"message":"No.","extensions":{"code":"X","why":${deep('[', ']')}}}]}`],
  ])('%s nested without end cost what they are of, and nothing else', async (_what, answer) => {
    const broken = await brokenSubgraph(httpReply(answer));
    graph.urls.stock = broken.url;
    // Each product shows twice: what is told of it is copied.
    const { status, data, text } = await graph.ask('{ products { title available parent { available } } }');
    await broken.close();
    expect(status).toBe(200);
    const nothing = { available: null, parent: { available: null } };
    expect(data).toEqual({ products: [1, 2, 3].map((id) => ({ title: `Product ${id}`, ...nothing })) });
    expect(text).not.toMatch(/stack|RangeError/);
    expect(text.length).toBeLessThan(2_000);
    await graph.stop('stock');
    await graph.start('stock');
    expect((await graph.ask('{ warehouses }')).errors).toEqual([]);
  });

  test('a root whose values nest without end is told as its subgraph’s failure', async () => {
    const broken = await brokenSubgraph(httpReply(`{"data":{"products":${deep('[', ']')}}}`));
    const before = graph.urls.catalog;
    graph.urls.catalog = broken.url;
    const { status, data, errors } = await graph.ask('{ products { title available } warehouses }');
    graph.urls.catalog = before ?? '';
    await broken.close();
    expect({ status, data }).toEqual({ status: 200, data: { products: null, warehouses: ['MAIN'] } });
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
  });

  test('errors that are no errors are masked', async () => {
    const answer = { data: null, errors: [null, 'http://10.0.0.7', { message: 7 }, {}] };
    const broken = await brokenSubgraph(httpReply(JSON.stringify(answer)));
    graph.urls.stock = broken.url;
    const { data, errors, text } = await graph.ask('{ products { title available } }');
    await broken.close();

    expect(data).toEqual({ products: [1, 2, 3].map((id) => ({ title: `Product ${id}`, available: null })) });
    expect(errors).toHaveLength(4);
    for (const { message, extensions } of errors) {
      expect(message).toBe('Something went wrong here; the request id helps us find it.');
      expect(extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', service: 'stock', requestId: expect.any(String) });
    }
    expect(text).not.toMatch(/10\.0\.0\.7|stack/);
  });

  test('a hung subgraph costs its own time, not the operation’s, and never more than the operation has', async () => {
    const broken = await brokenSubgraph(undefined);
    graph.urls.stock = broken.url;
    const startedAt = performance.now();
    await graph.ask(everything);
    const took = performance.now() - startedAt;
    await broken.close();
    expect(took).toBeGreaterThan(280);
    // One wave after another: `warehouses` and, after the products, `available`.
    expect(took).toBeLessThan(950);
  });

  test('a mutation may take the whole operation’s time; its outcome is told to be open', async () => {
    const open = shut(graph.seen.stock);
    const startedAt = performance.now();
    const { data, errors } = await graph.ask('mutation { adjust(by: 1) }');
    open();
    expect(performance.now() - startedAt).toBeGreaterThan(950);
    expect(data).toEqual({ adjust: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('may have happened all the same'),
        path: ['adjust'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'stock', mayHaveHappened: true },
      },
    ]);
  });

  test('a mutation that surely never arrived says so', async () => {
    await graph.stop('stock');
    const { errors } = await graph.ask('mutation { adjust(by: 1) }');
    expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE', mayHaveHappened: false } }]);
    expect(errors[0]?.message).not.toContain('may have happened');
  });
});

describe('a subgraph that comes late', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph({}, []);
  });
  afterAll(() => graph.close());

  test('the router starts without any subgraph, and takes each in as it comes', async () => {
    const none = await graph.ask(everything);
    expect(none.data).toEqual({ products: null, warehouses: null });
    expect(none.errors.map(({ extensions }) => extensions.service).sort()).toEqual(['catalog', 'stock']);
    expect((await graph.ask('{ __schema { queryType { name } } }')).errors).toEqual([]);

    await graph.start('catalog');
    expect((await graph.ask('{ products { title } }')).data).toMatchObject({ products: [{}, {}, {}] });

    await graph.start('stock');
    expect(await graph.ask(everything)).toMatchObject({ errors: [], data: { warehouses: ['MAIN'] } });
  });
});

describe('errors', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await runGraph();
  });
  afterAll(() => graph.close());
  afterEach(() => graph.log.splice(0));

  test('a caller’s mistake keeps its sentence, code and extensions, with the service', async () => {
    const { data, errors } = await graph.ask('{ refused products { id } }');
    expect(data).toMatchObject({ refused: null, products: [{}, {}, {}] });
    expect(errors).toEqual([
      {
        message: 'Give a shorter name.',
        path: ['refused'],
        extensions: { code: 'BAD_USER_INPUT', limit: 40, service: 'catalog' },
      },
    ]);
  });

  test('a bug is its request id and nothing else', async () => {
    const { errors, headers, text } = await graph.ask('{ broken }', { headers: { 'x-request-id': 'my-request' } });
    expect(headers.get('x-request-id')).toBe('my-request');
    expect(errors).toMatchObject([
      {
        message: 'Something went wrong here; the request id helps us find it.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'my-request' },
      },
    ]);
    expect(text).not.toMatch(/hunter2|postgres|stack/);
  });
});
