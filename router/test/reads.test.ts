import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type RunningGraph, runGraph } from './graph/running-graph.ts';
import { behaviour, shut } from './graph/shop.ts';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await runGraph();
});
afterAll(() => graph.close());
beforeEach(() => {
  Object.assign(graph.seen.catalog, behaviour());
  Object.assign(graph.seen.stock, behaviour());
});

const list = '{ products { id title } }';
const calls = () => graph.seen.catalog.calls;
const arrived = (count: number) => vi.waitFor(() => expect(calls()).toHaveLength(count));
const bearer = async (subject: string) => ({ authorization: `Bearer ${await graph.token({ subject })}` });

/** Starts the asking, opens the gate once everything that shares nothing has arrived, and gives the answers. */
async function together(asking: (() => ReturnType<RunningGraph['ask']>)[], distinct: number) {
  const open = shut(graph.seen.catalog);
  const first = asking[0]?.();
  await arrived(1);
  const rest = asking.slice(1).map((one) => one());
  if (distinct > 1) await arrived(distinct);
  // One that must travel alone has arrived when its answer shows: it is asked last, on the same connection.
  await graph.ask('{ __typename }');
  open();
  return Promise.all([first, ...rest]);
}

test('identical reads of one identity travel once, and each gets the whole answer', async () => {
  const headers = await bearer('ada');
  const answers = await together(
    Array.from({ length: 20 }, () => () => graph.ask(list, { headers })),
    1,
  );
  expect(calls().filter(({ field }) => field === 'products')).toHaveLength(1);
  for (const answer of answers) {
    expect(answer).toMatchObject({ errors: [], data: { products: [{ id: '1' }, { id: '2' }, { id: '3' }] } });
  }
});

test('what one operation merges into its copy does not show in another’s', async () => {
  const headers = await bearer('ada');
  const waiting = '{ products { n: available(plus: 1) } warehouses }';
  const writing = '{ products { n: available(plus: 2) } }';
  // Planned before, so that the second is on its way by the time another operation was answered.
  for (const query of [waiting, writing]) await graph.ask(query, { headers });
  for (const seen of [graph.seen.catalog, graph.seen.stock]) seen.calls.splice(0);
  const openCatalog = shut(graph.seen.catalog);
  const openStock = shut(graph.seen.stock);
  // Both begin with the same call to the catalog, and write under the same name into what they got. One still waits
  // for the warehouses while the other writes.
  const waits = graph.ask(waiting, { headers });
  await arrived(1);
  const writes = graph.ask(writing, { headers });
  await graph.ask('{ __typename }');
  openCatalog();
  expect((await writes).data).toEqual({ products: [{ n: 9 }, { n: 9 }, { n: 9 }] });
  await vi.waitFor(() => expect(graph.seen.stock.calls).toHaveLength(6));
  openStock();
  expect((await waits).data).toEqual({ products: [{ n: 8 }, { n: 8 }, { n: 8 }], warehouses: ['MAIN'] });
  expect(calls()).toHaveLength(1);
});

test('reads never cross identities: another subject, other scopes, another kind, a guest', async () => {
  const tokens = await Promise.all([
    graph.token({ subject: 'ada' }),
    graph.token({ subject: 'bob' }),
    graph.token({ subject: 'ada', scopes: ['secret:read'] }),
    graph.token({ subject: 'ada', kind: 'customer' }),
  ]);
  const asking = tokens.map(
    (token) => () => graph.ask('{ whoAmI }', { headers: { authorization: `Bearer ${token}` } }),
  );
  const answers = await together([...asking, () => graph.ask('{ whoAmI }')], 5);
  expect(answers.map((answer) => JSON.parse(String(answer?.data?.whoAmI)))).toEqual([
    { kind: 'staff', id: 'ada', scopes: [] },
    { kind: 'staff', id: 'bob', scopes: [] },
    { kind: 'staff', id: 'ada', scopes: ['secret:read'] },
    { kind: 'customer', id: 'ada', scopes: [] },
    { kind: 'guest', id: null, scopes: [] },
  ]);
});

test('reads that differ in a variable or a forwarded header travel apart', async () => {
  const query = 'query One($id: ID!) { product(id: $id) { title } }';
  const answers = await together(
    [
      () => graph.ask(query, { variables: { id: '1' } }),
      () => graph.ask(query, { variables: { id: '2' } }),
      () => graph.ask(query, { variables: { id: '1' }, headers: { 'accept-language': 'de' } }),
    ],
    3,
  );
  expect(answers.map((answer) => answer?.data)).toEqual([
    { product: { title: 'Product 1' } },
    { product: { title: 'Product 2' } },
    { product: { title: 'Product 1' } },
  ]);
});

test('mutations always travel, however alike', async () => {
  const headers = await bearer('ada');
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => graph.ask('mutation { adjust(by: 1) }', { headers })),
  );
  expect(graph.seen.stock.calls.filter(({ field }) => field === 'adjust')).toHaveLength(8);
  expect(answers.map(({ data }) => data?.adjust).sort()).toEqual([10, 11, 12, 13, 14, 15, 8, 9]);
});

test('a read that comes after a mutation does not join one that left before it', async () => {
  const headers = await bearer('ada');
  const open = shut(graph.seen.catalog);
  const before = graph.ask(list, { headers });
  await arrived(1);
  await graph.ask('mutation { adjust(by: 1) }', { headers });
  const after = graph.ask(list, { headers });
  await arrived(2);
  open();
  expect((await before).errors).toEqual([]);
  expect((await after).errors).toEqual([]);
});

test('a client that goes away takes nothing from those who wait for the same', async () => {
  const headers = await bearer('ada');
  const open = shut(graph.seen.catalog);
  const impatient = new AbortController();
  const gone = graph.ask(list, { headers, signal: impatient.signal });
  await arrived(1);
  const patient = graph.ask(list, { headers });
  await graph.ask('{ __typename }');
  graph.log.splice(0);
  impatient.abort();
  await expect(gone).rejects.toThrow('abort');
  await vi.waitFor(() => expect(graph.log).toMatchObject([{ msg: 'operation', codes: ['SUBGRAPH_UNAVAILABLE'] }]));
  open();
  expect(await patient).toMatchObject({ errors: [], data: { products: [{}, {}, {}] } });
  expect(calls()).toHaveLength(1);
});
