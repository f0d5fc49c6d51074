import { afterEach, expect, test } from 'vitest';
import { type PublishedGraph, publishedGraph } from './graph/published-graph.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
const books = (...fields: string[]) =>
  `${link} type Query { books: String ${fields.join(' ')} } type Book @key(fields: "id") { id: ID! }`;
const clocks = (...fields: string[]) => `${link} type Query { clocks: String ${fields.join(' ')} }`;
const first = { books: books(), clocks: clocks() };

let graph: PublishedGraph;
afterEach(() => graph.close());

const fields = async (): Promise<string[]> => {
  const { data } = await graph.ask('{ __schema { queryType { fields { name } } } }');
  const { __schema } = data as { __schema: { queryType: { fields: { name: string }[] } } };
  return __schema.queryType.fields.map(({ name }) => name).sort();
};
const served = (names: string[]) => expect.poll(fields, { timeout: 15_000 }).toEqual(names.sort());
const told = (text: string) => graph.log.filter(({ msg }) => msg === text);
const swaps = () => told('A new schema is served').length;
const refusals = () => told('A schema is refused; the last good one stays');

test('what a subgraph publishes is served; one that is gone keeps its fields', async () => {
  graph = await publishedGraph(first);
  const added = await graph.start('dials', `${link} type Query { dials: String }`);
  await served(['books', 'clocks', 'dials']);
  expect((await graph.ask('{ dials books }')).data).toEqual({ dials: null, books: null });
  await added.vanish();
  await expect
    .poll(async () => (await graph.ask('{ dials books }')).errors.map(({ extensions }) => extensions.code))
    .toEqual(['SUBGRAPH_UNAVAILABLE']);
  expect(await fields()).toEqual(['books', 'clocks', 'dials']);
});

test('garbage is refused, and holds up no other subgraph', async () => {
  graph = await publishedGraph(first);
  await graph.announce('books', 'type Query { books: Strin');
  await expect
    .poll(() => told('An instance serves what is no subgraph').length, { timeout: 15_000 })
    .toBeGreaterThan(0);
  await graph.leave('books');
  await expect.poll(() => refusals().length, { timeout: 15_000 }).toBe(1);
  await graph.start('clocks', clocks('ticks: Int'));
  await graph.leave('clocks');
  await served(['books', 'clocks', 'ticks']);
  await graph.start('books', books('pages: Int'));
  await served(['books', 'clocks', 'pages', 'ticks']);
});

test('a schema that breaks what is asked is refused, and holds up no other subgraph', async () => {
  graph = await publishedGraph(first);
  expect((await graph.ask('query Books { books }')).errors).toEqual([]);
  await graph.start('books', books('pages: Int').replace('books: String', ''));
  await graph.leave('books');
  await expect
    .poll(refusals, { timeout: 15_000 })
    .toMatchObject([
      { reason: 'breaking', problems: ['Books: Cannot query field "books" on type "Query". Did you mean "clocks"?'] },
    ]);
  await graph.start('clocks', clocks('ticks: Int'));
  await graph.leave('clocks');
  await served(['books', 'clocks', 'ticks']);
});

test('a field is offered once all instances of its subgraph have it', async () => {
  graph = await publishedGraph(first);
  await graph.start('books', books('pages: Int'));
  const failures: unknown[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      const { errors } = await graph.ask('{ books clocks }');
      failures.push(...errors);
      const { data, errors: ofPages } = await graph.ask('{ pages }');
      // Whoever may ask for it is answered.
      if (data !== undefined) failures.push(...ofPages);
    }
  })();
  await graph.start('clocks', clocks('ticks: Int'));
  await graph.leave('clocks');
  await served(['books', 'clocks', 'ticks']);
  await graph.leave('books');
  await served(['books', 'clocks', 'pages', 'ticks']);
  isOver = true;
  await asking;
  expect(failures).toEqual([]);
});

test('a subgraph that keeps changing its mind is not followed', async () => {
  graph = await publishedGraph(first, { settle: 100, longest: 60_000 });
  await graph.leave('books');
  const wanted = [books('pages: Int'), books('covers: Int')];
  for (let turn = 0; turn < 40; turn += 1) {
    const { withdraw } = await graph.announce('books', wanted[turn % 2] ?? '');
    expect((await graph.ask('{ clocks }')).errors).toEqual([]);
    await withdraw();
  }
  expect(swaps()).toBeLessThan(5);
});
