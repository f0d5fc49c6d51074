import { askData } from '@mercato/testkit';
import { expect, test } from 'vitest';
import {
  aCms,
  aContentFolder,
  anEntry,
  aSubgraph,
  contentOfProducts,
  countingRequests,
  products,
} from './a-content-subgraph.ts';

interface Entities {
  _entities: { handle: string; content: { locale: string; headline: string } | null }[];
}

const handles = (count: number, length = 0) =>
  Array.from({ length: count }, (_, n) => `product-${n}`.padEnd(length, '-x'));

const aShopOf = async (all: readonly string[]) =>
  aCms({
    dataDir: await aContentFolder({
      ProductContent: all.map((handle, n) =>
        anEntry(handle, { fields: { handle }, en: { headline: `Headline ${n}` } }),
      ),
    }),
  });

test('a list of products is one request to the CMS, and none when it is asked again', async () => {
  const cms = await aShopOf(handles(20));
  const subgraph = await aSubgraph(cms.url);
  const requests = countingRequests(cms);
  const ask = () =>
    askData<Entities>(subgraph, contentOfProducts, {
      representations: products([...handles(20), 'product-3', 'unknown']),
    });

  const { _entities } = await ask();
  expect(_entities.map(({ content }) => content?.headline)).toEqual([
    ...Array.from({ length: 20 }, (_, n) => `Headline ${n}`),
    'Headline 3',
    undefined,
  ]);
  expect(requests()).toBe(1);
  await ask();
  expect(requests()).toBe(1);
});

test('150 products are two requests, and none of them is missing', async () => {
  const cms = await aShopOf(handles(150));
  const subgraph = await aSubgraph(cms.url);
  const requests = countingRequests(cms);
  const { _entities } = await askData<Entities>(subgraph, contentOfProducts, {
    representations: products(handles(150)),
  });
  expect(_entities.map(({ content }) => content?.headline)).toEqual(handles(150).map((_, n) => `Headline ${n}`));
  expect(requests()).toBe(2);
});

test('requests stay below the 10 KB of the smallest plan, which refuses more, however long the handles', async () => {
  const long = handles(100, 240);
  const cms = await aShopOf(long);
  const subgraph = await aSubgraph(cms.url);
  const requests = countingRequests(cms);
  const { _entities } = await askData<Entities>(subgraph, contentOfProducts, { representations: products(long) });
  expect(_entities.every(({ content }) => content !== null)).toBe(true);
  expect(requests()).toBe(3);
});

test('handles of signs that take many bytes are counted in bytes', async () => {
  const wide = Array.from({ length: 100 }, (_, n) => `${n}-"${'木'.repeat(100)}`);
  const cms = await aShopOf([]);
  const subgraph = await aSubgraph(cms.url);
  const requests = countingRequests(cms);
  await askData(subgraph, contentOfProducts, { representations: products(wide) });
  expect(requests()).toBe(4);
});

test('a language more is a request more', async () => {
  const cms = await aShopOf(handles(3));
  const subgraph = await aSubgraph(cms.url);
  const requests = countingRequests(cms);
  const { _entities } = await askData<{ _entities: Record<string, { locale: string }>[] }>(
    subgraph,
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { en: content { locale } de: content(locale: DE) { locale } } } }',
    { representations: products(handles(3)) },
  );
  expect(_entities[2]).toEqual({ en: { locale: 'EN' }, de: { locale: 'EN' } });
  expect(requests()).toBe(2);
});

test('callers who ask for the same at the same time share the request', async () => {
  const cms = await aShopOf(handles(5));
  const subgraph = await aSubgraph(cms.url);
  cms.faults.set({ mode: 'latency', ms: 100 });
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      askData<Entities>(subgraph, contentOfProducts, { representations: products(handles(5)) }),
    ),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(cms.faults.state.hits).toBe(1);
});

test('a list of articles with their texts is two requests; without a count nothing is counted', async () => {
  const cms = await aCms();
  const subgraph = await aSubgraph(cms.url);
  const requests = countingRequests(cms);
  const { blogPosts } = await askData<{ blogPosts: { nodes: { body: { html: string } }[] } }>(
    subgraph,
    '{ blogPosts(first: 5) { nodes { title body { html } } } }',
  );
  expect(blogPosts.nodes.map(({ body }) => body.html.slice(0, 2))).toEqual(['<p', '<p', '<p', '<p', '<p']);
  expect(requests()).toBe(2);
});
