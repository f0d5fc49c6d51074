import type { Subgraph } from '@mercato/subgraph-server';
import { ask, askData } from '@mercato/testkit';
import { expect, test } from 'vitest';
import { aCms, aContentFolder, anEntry, aServer, aSubgraph, countingRequests } from './a-content-subgraph.ts';

const posts = (count: number) =>
  Array.from({ length: count }, (_, day) =>
    anEntry(`post-${day}`, { day, fields: { slug: `post-${day}` }, en: { title: `Post ${day}` } }),
  );
/** A blog of 25 articles, the newest of which is post-24. */
const aBlog = async () => aCms({ dataDir: await aContentFolder({ BlogPost: posts(25) }) });

interface Page {
  totalCount?: number;
  nodes: { slug: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
const pageInfo = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
const read = async (subgraph: Subgraph, args: string, more = ''): Promise<Page> =>
  (await askData<{ blogPosts: Page }>(subgraph, `{ blogPosts${args} { ${more} nodes { slug } ${pageInfo} } }`))
    .blogPosts;
const numbers = (page: Page) => page.nodes.map(({ slug }) => Number(slug.slice(5)));
const downFrom = (from: number, count: number) => Array.from({ length: count }, (_, n) => from - n);

test('forward to the end and backward to the beginning, each article once', async () => {
  const subgraph = await aSubgraph((await aBlog()).url);
  const forward: number[] = [];
  let page = await read(subgraph, '(first: 7)');
  expect(page.pageInfo.hasPreviousPage).toBe(false);
  for (;;) {
    forward.push(...numbers(page));
    if (!page.pageInfo.hasNextPage) break;
    page = await read(subgraph, `(first: 7, after: "${page.pageInfo.endCursor}")`);
  }
  expect(forward).toEqual(downFrom(24, 25));

  const backward: number[] = [];
  page = await read(subgraph, '(last: 7)');
  expect(page.pageInfo.hasNextPage).toBe(false);
  for (;;) {
    backward.unshift(...numbers(page));
    if (!page.pageInfo.hasPreviousPage) break;
    page = await read(subgraph, `(last: 7, before: "${page.pageInfo.startCursor}")`);
  }
  expect(backward).toEqual(downFrom(24, 25));
});

test('ten by default, and each edge with the cursor that its page ends with', async () => {
  const subgraph = await aSubgraph((await aBlog()).url);
  const { blogPosts } = await askData<{ blogPosts: { edges: { cursor: string; node: { slug: string } }[] } & Page }>(
    subgraph,
    `{ blogPosts { edges { cursor node { slug } } nodes { slug } ${pageInfo} } }`,
  );
  expect(numbers(blogPosts)).toEqual(downFrom(24, 10));
  expect(blogPosts.edges.map(({ node }) => node)).toEqual(blogPosts.nodes);
  expect(blogPosts.pageInfo).toMatchObject({
    startCursor: blogPosts.edges[0]?.cursor,
    endCursor: blogPosts.edges[9]?.cursor,
  });
});

test('a page of none tells whether there is more, and how many in all', async () => {
  const subgraph = await aSubgraph((await aBlog()).url);
  expect(await read(subgraph, '(first: 0)', 'totalCount')).toEqual({
    totalCount: 25,
    nodes: [],
    pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});

test('articles are counted when it is asked for, also within a fragment, and only then', async () => {
  const counted: boolean[] = [];
  const page = { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false } };
  const endpoint = await aServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { variables } = JSON.parse(Buffer.concat(chunks).toString());
    counted.push(variables.count);
    response.end(JSON.stringify({ data: { page: variables.count ? { ...page, aggregate: { count: 3 } } : page } }));
  });
  const subgraph = await aSubgraph(endpoint);
  await askData(subgraph, '{ blogPosts { nodes { slug } } }');
  await askData(subgraph, '{ blogPosts(first: 4) { ...P } } fragment P on BlogPostConnection { totalCount }');
  expect(counted).toEqual([false, true]);
});

test('the same page again is no request', async () => {
  const cms = await aBlog();
  const subgraph = await aSubgraph(cms.url);
  const requests = countingRequests(cms);
  await Promise.all([read(subgraph, '(first: 3)'), read(subgraph, '(first: 3)')]);
  await read(subgraph, '(first: 3)');
  expect(requests()).toBe(1);
});

test.each([
  ['(first: 3, last: 3)', 'last', 'first'],
  ['(first: -1)', 'first', '0 to 100'],
  ['(first: 101)', 'first', 'at most 100'],
  ['(last: 2, after: "x")', 'after', 'last'],
  ['(first: 2, before: "x")', 'before', 'last'],
  ['(after: "x", before: "y")', 'before', 'after'],
  ['(after: "")', 'after', 'cursor'],
  [`(after: "${'x'.repeat(300)}")`, 'after', 'cursor'],
])('%s is refused with a sentence, and the CMS not asked', async (args, argument, hint) => {
  const cms = await aCms();
  const requests = countingRequests(cms);
  const { errors } = await ask(await aSubgraph(cms.url), `{ blogPosts${args} { nodes { slug } } }`);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  expect(errors?.[0]?.message).toContain(hint);
  expect(requests()).toBe(0);
});
