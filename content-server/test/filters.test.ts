import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newTokenValue } from '../src/index.ts';
import { aContentFolder, type RunningServer, startContentServer } from './a-content-server.ts';

const token = newTokenValue('tests');

const at = (day: number): string => `2026-01-${String(day).padStart(2, '0')}T12:00:00Z`;

const post = (slug: string, day: number, fields: object, en: object, more: object = {}) => ({
  key: slug,
  createdAt: at(day),
  publishedAt: at(day + 10),
  by: 'hanne',
  fields: { slug, ...fields },
  localizations: { en },
  ...more,
});

const content = {
  User: [
    { key: 'hanne', createdAt: at(1), publishedAt: at(1), fields: { name: 'Hanne', isActive: true, kind: 'MEMBER' } },
    { key: 'old', createdAt: at(1), publishedAt: at(1), fields: { name: 'Old', isActive: false } },
  ],
  Author: [
    {
      key: 'ada',
      createdAt: at(1),
      publishedAt: at(1),
      fields: { slug: 'ada', name: 'Ada' },
      localizations: { en: { bio: 'Weaver' } },
    },
    {
      key: 'ben',
      createdAt: at(2),
      publishedAt: at(2),
      fields: { slug: 'ben', name: 'Ben' },
      localizations: { en: {} },
    },
    {
      key: 'cleo',
      createdAt: at(3),
      publishedAt: at(3),
      fields: { slug: 'cleo', name: 'Cleo' },
      localizations: { en: {} },
    },
  ],
  BlogPost: [
    post(
      'iron',
      1,
      { category: 'kitchen', authors: ['ada'], productHandles: ['pan', 'oil'] },
      { title: 'Cast Iron', seo: { title: 'Iron', noIndex: false } },
    ),
    post(
      'linen',
      2,
      { category: 'textiles', authors: ['ada', 'ben'], productHandles: ['cloth'] },
      { title: 'Linen', excerpt: 'Soft' },
    ),
    post(
      'coffee',
      3,
      { category: 'kitchen', authors: [] },
      { title: 'Slow coffee', seo: { title: 'Coffee', noIndex: true } },
    ),
    post(
      'bare',
      4,
      { authors: ['ben'] },
      { title: 'Bare' },
      { draft: { updatedAt: at(25), localizations: { en: { title: 'Bare, changed' } } } },
    ),
  ],
  Faq: [1, 2, 3].map((n) => ({
    key: `faq-${n}`,
    createdAt: at(n),
    publishedAt: at(n),
    fields: n === 3 ? {} : { position: n },
    localizations: { en: { question: `Q${n}` } },
  })),
  Navigation: [
    {
      key: 'main',
      createdAt: at(1),
      publishedAt: at(1),
      fields: { key: 'main' },
      localizations: {
        en: {
          items: [
            { label: 'Home', url: '/' },
            { label: 'Shop', url: '/shop' },
          ],
        },
      },
    },
    {
      key: 'foot',
      createdAt: at(2),
      publishedAt: at(2),
      fields: { key: 'foot' },
      localizations: { en: { items: [{ label: 'Home', url: '/' }] } },
    },
  ],
};

let server: RunningServer;
beforeAll(async () => {
  server = await startContentServer({
    dataDir: await aContentFolder(content),
    tokens: [{ name: 'tests', value: token }],
  });
});
afterAll(() => server.close());

const slugs = async (where: string, more = ''): Promise<string[]> => {
  const { data, errors } = await server.ask(`{ blogPosts(where: ${where}${more}) { slug } }`, { token });
  expect(errors).toEqual([]);
  return z
    .object({ blogPosts: z.array(z.object({ slug: z.string() })) })
    .parse(data)
    .blogPosts.map(({ slug }) => slug);
};

describe('a field of text', () => {
  test.each([
    ['{ category: "kitchen" }', ['iron', 'coffee']],
    ['{ category: null }', ['bare']],
    ['{ category_not: "kitchen" }', ['linen']],
    ['{ category_not: null }', ['iron', 'linen', 'coffee']],
    ['{ category_in: ["textiles", "desk"] }', ['linen']],
    ['{ category_in: [null, "textiles"] }', ['linen', 'bare']],
    ['{ category_in: [] }', []],
    ['{ category_not_in: ["textiles"] }', ['iron', 'coffee']],
    ['{ title_contains: "o" }', ['iron', 'coffee']],
    ['{ title_contains: "cast" }', []],
    ['{ excerpt_not_contains: "zzz" }', ['linen']],
    ['{ title_not_contains: "o" }', ['linen', 'bare']],
    ['{ title_starts_with: "Cast" }', ['iron']],
    ['{ title_not_starts_with: "Cast" }', ['linen', 'coffee', 'bare']],
    ['{ title_ends_with: "n" }', ['iron', 'linen']],
    ['{ title_not_ends_with: "n" }', ['coffee', 'bare']],
    ['{ slug: "iron", category: "textiles" }', []],
  ])('%s', async (where, expected) => {
    expect(await slugs(where)).toEqual(expected);
  });
});

describe('several strings', () => {
  test.each([
    ['{ productHandles_contains_all: ["oil", "pan"] }', ['iron']],
    ['{ productHandles_contains_some: ["oil", "cloth"] }', ['iron', 'linen']],
    ['{ productHandles_contains_none: ["oil"] }', ['linen', 'coffee', 'bare']],
    ['{ productHandles: ["pan", "oil"] }', ['iron']],
    ['{ productHandles: ["oil", "pan"] }', []],
    ['{ productHandles_not: ["cloth"] }', ['iron', 'coffee', 'bare']],
  ])('%s', async (where, expected) => {
    expect(await slugs(where)).toEqual(expected);
  });
});

describe('instants and logic', () => {
  test.each([
    [`{ createdAt_gt: "${at(2)}" }`, ['coffee', 'bare']],
    [`{ createdAt_gte: "2026-01-02T13:00:00+01:00" }`, ['linen', 'coffee', 'bare']],
    [`{ createdAt_lt: "${at(2)}" }`, ['iron']],
    [`{ createdAt_lte: "${at(2)}" }`, ['iron', 'linen']],
    [`{ createdAt_in: ["${at(2)}"] }`, ['linen']],
    [`{ publishedAt_not: "${at(11)}" }`, ['linen', 'coffee', 'bare']],
    ['{ OR: [{ slug: "iron" }, { slug: "bare" }] }', ['iron', 'bare']],
    ['{ AND: [{ category: "kitchen" }, { title_contains: "coffee" }] }', ['coffee']],
    ['{ NOT: [{ category: "kitchen" }, { slug: "iron" }] }', ['linen', 'coffee', 'bare']],
    ['{ category: "kitchen", NOT: [{ OR: [{ slug: "iron" }] }] }', ['coffee']],
    ['{ _search: "SLOW" }', ['coffee']],
    ['{ _search: "cloth" }', ['linen']],
    ['{ createdBy: { name: "Hanne" } }', ['iron', 'linen', 'coffee', 'bare']],
    ['{ createdBy: { isActive: false } }', []],
  ])('%s', async (where, expected) => {
    expect(await slugs(where)).toEqual(expected);
  });
});

describe('relations and components', () => {
  test.each([
    ['{ authors_some: { name: "Ben" } }', ['linen', 'bare']],
    ['{ authors_every: { name: "Ada" } }', ['iron', 'coffee']],
    ['{ authors_none: { name: "Ada" } }', ['coffee', 'bare']],
    ['{ authors_some: { bio_contains: "Weav" } }', ['iron', 'linen']],
    ['{ seo: { noIndex: true } }', ['coffee']],
    ['{ seo: { noIndex_not: true } }', ['iron']],
    ['{ seo: null }', ['linen', 'bare']],
    [
      '{ documentInStages_some: { stage: DRAFT, compareWithParent: { outdated_to: false } } }',
      ['iron', 'linen', 'coffee', 'bare'],
    ],
    ['{ documentInStages_none: { stage: PUBLISHED } }', []],
  ])('%s', async (where, expected) => {
    expect(await slugs(where)).toEqual(expected);
  });

  test('a draft that changed since it was published is found by comparing stages', async () => {
    const changed = '{ documentInStages_some: { stage: PUBLISHED, compareWithParent: { outdated_to: true } } }';
    expect(await slugs(changed, ', stage: DRAFT')).toEqual(['bare']);
  });

  test('entries are filtered by the components they hold, and components by themselves', async () => {
    const { data } = await server.ask(
      '{ navigations(where: { items_some: { label: "Shop" } }) { key items(where: { url_starts_with: "/s" }) { label } } }',
      { token },
    );
    expect(data).toEqual({ navigations: [{ key: 'main', items: [{ label: 'Shop' }] }] });
  });

  test('related entries are filtered, sorted and paged, and can be asked for from the other side', async () => {
    const { data } = await server.ask(
      '{ authors(where: { posts_some: { slug: "linen" } }, orderBy: name_DESC) { name posts(orderBy: title_DESC, first: 1) { title } } }',
      { token },
    );
    expect(data).toEqual({
      authors: [
        { name: 'Ben', posts: [{ title: 'Linen' }] },
        { name: 'Ada', posts: [{ title: 'Linen' }] },
      ],
    });
  });
});

test.each([
  ['position_ASC', ['Q1', 'Q2', 'Q3']],
  ['position_DESC', ['Q3', 'Q2', 'Q1']],
  ['createdAt_DESC', ['Q3', 'Q2', 'Q1']],
  ['question_ASC', ['Q1', 'Q2', 'Q3']],
])('sorts by %s, absent values last going up', async (orderBy, expected) => {
  const { data } = await server.ask(`query ($by: FaqOrderByInput) { faqs(orderBy: $by) { question } }`, {
    token,
    variables: { by: orderBy },
  });
  expect(data).toEqual({ faqs: expected.map((question) => ({ question })) });
});

test('numbers compare as numbers, and a negated filter does not find absent values', async () => {
  const { data } = await server.ask(
    '{ a: faqs(where: { position_gte: 2 }) { question } b: faqs(where: { position_not: 1 }) { question } c: faqs(where: { position_not_in: [2] }) { question } }',
    { token },
  );
  expect(data).toEqual({ a: [{ question: 'Q2' }], b: [{ question: 'Q2' }], c: [{ question: 'Q1' }] });
});

test('rich text can be neither filtered nor sorted by', async () => {
  expect(await server.ask('{ faqs(where: { answer_contains: "x" }) { id } }', { token })).toMatchObject({
    status: 400,
  });
  expect(await server.ask('{ faqs(orderBy: answer_ASC) { id } }', { token })).toMatchObject({ status: 400 });
});

test('a unique input takes the id and unique fields, and no others', async () => {
  const { data } = await server.ask('{ blogPost(where: { slug: "iron" }) { id title } }', { token });
  const { id } = z.object({ blogPost: z.object({ id: z.string() }) }).parse(data).blogPost;
  expect((await server.ask(`{ blogPost(where: { id: "${id}" }) { title } }`, { token })).data).toEqual({
    blogPost: { title: 'Cast Iron' },
  });
  expect(await server.ask('{ blogPost(where: { title: "Cast Iron" }) { id } }', { token })).toMatchObject({
    status: 400,
  });
  expect(await server.ask('{ blogPost(where: {}) { id } }', { token })).toMatchObject({ status: 400 });
  expect(await server.ask('{ blogPost(where: { slug: "nothing" }) { id } }', { token })).toMatchObject({
    status: 200,
    data: { blogPost: null },
    errors: [],
  });
});
