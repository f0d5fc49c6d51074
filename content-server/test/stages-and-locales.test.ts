import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newTokenValue } from '../src/index.ts';
import { aContentFolder, type RunningServer, startContentServer } from './a-content-server.ts';

const created = '2026-01-01T00:00:00Z';
const published = '2026-02-01T00:00:00Z';
const page = (slug: string, en: object | null, de: object | null, more: object = {}) => ({
  key: slug,
  createdAt: created,
  publishedAt: published,
  by: 'hanne',
  fields: { slug },
  localizations: { ...(en && { en }), ...(de && { de }) },
  ...more,
});

const content = {
  User: [{ key: 'hanne', createdAt: created, publishedAt: created, fields: { name: 'Hanne', isActive: true } }],
  Page: [
    page(
      'terms',
      { title: 'Terms' },
      { title: 'AGB' },
      { draft: { updatedAt: '2026-03-01T00:00:00Z', localizations: { en: { title: 'New terms' } } } },
    ),
    page('english', { title: 'English only' }, null),
    page('german', null, { title: 'Nur deutsch' }),
    page('planned', { title: 'Planned' }, null, { publishedAt: undefined }),
  ],
  Faq: [{ key: 'q', createdAt: created, publishedAt: created, localizations: { en: { question: 'Why?' } } }],
  ProductContent: [
    {
      key: 'mug',
      createdAt: created,
      publishedAt: created,
      fields: { handle: 'mug', faqs: ['q'] },
      localizations: { en: { headline: 'Mug' }, de: { headline: 'Becher' } },
    },
  ],
  Banner: [
    {
      key: 'b',
      createdAt: created,
      publishedAt: created,
      fields: { placement: 'home', image: 'later' },
      localizations: { en: { headline: 'B' } },
    },
  ],
  Asset: [{ key: 'later', createdAt: created, scene: { palette: 'oat', objects: [] }, localizations: { en: {} } }],
};

const web = newTokenValue('web');
const preview = newTokenValue('preview');
let server: RunningServer;
beforeAll(async () => {
  server = await startContentServer({
    dataDir: await aContentFolder(content),
    tokens: [
      { name: 'web', value: web },
      { name: 'preview', value: preview, defaultStage: 'DRAFT' },
    ],
  });
});
afterAll(() => server.close());

const titles = async (query: string, { headers = {}, token = web } = {}): Promise<string[]> => {
  const { data } = await server.ask(`{ ${query} { title } }`, { headers, token });
  return z
    .object({ pages: z.array(z.object({ title: z.string() })) })
    .parse(data)
    .pages.map(({ title }) => title);
};

describe('stages', () => {
  test('a draft that goes on leaves the published document as it is', async () => {
    const { data } = await server.ask(
      '{ live: page(where: { slug: "terms" }) { title stage publishedAt updatedAt } draft: page(where: { slug: "terms" }, stage: DRAFT) { title stage publishedAt updatedAt } }',
      { token: web },
    );
    expect(data).toEqual({
      live: {
        title: 'Terms',
        stage: 'PUBLISHED',
        publishedAt: '2026-02-01T00:00:00.000Z',
        updatedAt: '2026-02-01T00:00:00.000Z',
      },
      draft: { title: 'New terms', stage: 'DRAFT', publishedAt: null, updatedAt: '2026-03-01T00:00:00.000Z' },
    });
  });

  test('what was never published is seen in drafts alone', async () => {
    expect(await titles('pages')).not.toContain('Planned');
    expect(await titles('pages(stage: DRAFT)')).toContain('Planned');
  });

  test('a published entry has no relation to what is not published', async () => {
    const { data } = await server.ask(
      '{ live: banners { image { id } } draft: banners(stage: DRAFT) { image { fileName } } }',
      { token: web },
    );
    expect(data).toEqual({ live: [{ image: null }], draft: [{ image: { fileName: 'later.svg' } }] });
  });

  test.each([
    ['the schema default', 'pages(where: { slug: "terms" })', {}, web, 'Terms'],
    ["the token's default", 'pages(where: { slug: "terms" })', {}, preview, 'New terms'],
    ['the header over the token', 'pages(where: { slug: "terms" })', { 'gcms-stage': 'PUBLISHED' }, preview, 'Terms'],
    [
      'the argument over the header',
      'pages(where: { slug: "terms" }, stage: DRAFT)',
      { 'gcms-stage': 'PUBLISHED' },
      web,
      'New terms',
    ],
  ])('takes %s', async (_what, query, headers, token, expected) => {
    expect(await titles(query, { headers, token })).toEqual([expected]);
  });

  test('a variable that is not given leaves the word to the header', async () => {
    const query = 'query ($stage: Stage! = PUBLISHED) { page(where: { slug: "terms" }, stage: $stage) { title } }';
    const given = { token: web, headers: { 'gcms-stage': 'DRAFT' } };
    expect((await server.ask(query, { ...given, variables: { stage: 'PUBLISHED' } })).data).toEqual({
      page: { title: 'Terms' },
    });
    const open = 'query ($where: PageWhereUniqueInput!) { page(where: $where) { title } }';
    expect((await server.ask(open, { ...given, variables: { where: { slug: 'terms' } } })).data).toEqual({
      page: { title: 'New terms' },
    });
  });

  test('a document tells its other stages and versions', async () => {
    const { data } = await server.ask(
      '{ page(where: { slug: "terms" }) { id documentInStages { stage title } all: documentInStages(includeCurrent: true) { stage } history { revision stage } draft: history(stageOverride: DRAFT) { revision stage } } }',
      { token: web },
    );
    const { page: found } = z.object({ page: z.looseObject({ id: z.string() }) }).parse(data);
    expect(found).toMatchObject({
      documentInStages: [{ stage: 'DRAFT', title: 'New terms' }],
      all: [{ stage: 'DRAFT' }, { stage: 'PUBLISHED' }],
      history: [{ revision: 2, stage: 'PUBLISHED' }],
      draft: [{ revision: 3, stage: 'DRAFT' }],
    });
    const version = await server.ask(
      `{ pageVersion(where: { id: "${found.id}", stage: DRAFT, revision: 3 }) { stage data } }`,
      { token: web },
    );
    expect(version.data).toMatchObject({
      pageVersion: {
        stage: 'DRAFT',
        data: { slug: 'terms', localizations: [{ title: 'New terms' }, { title: 'AGB' }] },
      },
    });
  });
});

describe('locales', () => {
  test.each([
    ['pages', ['Terms', 'English only']],
    ['pages(locales: [de])', ['AGB', 'Nur deutsch']],
    ['pages(locales: [de, en])', ['AGB', 'English only', 'Nur deutsch']],
    ['pages(locales: [en, de])', ['Terms', 'English only', 'Nur deutsch']],
  ])('%s: the first locale that the document has, else it is left out', async (query, expected) => {
    expect((await titles(query)).sort()).toEqual([...expected].sort());
  });

  test('the header is taken where the query names none', async () => {
    expect((await titles('pages', { headers: { 'gcms-locales': 'de, en' } })).sort()).toEqual([
      'AGB',
      'English only',
      'Nur deutsch',
    ]);
    expect(
      await titles('pages(locales: [en], where: { slug: "terms" })', { headers: { 'gcms-locales': 'de' } }),
    ).toEqual(['Terms']);
  });

  test('a document tells its locale and its localizations', async () => {
    const { data } = await server.ask(
      '{ page(where: { slug: "terms" }, locales: [de]) { locale localizations { locale title } all: localizations(includeCurrent: true) { locale } } }',
      { token: web },
    );
    expect(data).toEqual({
      page: {
        locale: 'de',
        localizations: [{ locale: 'en', title: 'Terms' }],
        all: [{ locale: 'en' }, { locale: 'de' }],
      },
    });
  });

  test('relations go on with the locales asked for, unless told otherwise', async () => {
    const { data } = await server.ask(
      '{ productContent(where: { handle: "mug" }, locales: [de, en]) { headline fallback: faqs { question } forced: faqs(forceParentLocale: true) { question } own: faqs(locales: [de]) { question } } }',
      { token: web },
    );
    expect(data).toEqual({
      productContent: { headline: 'Becher', fallback: [{ question: 'Why?' }], forced: [], own: [] },
    });
  });

  test('instants know which variation is meant, and who wrote is known', async () => {
    const { data } = await server.ask(
      '{ page(where: { slug: "terms" }) { base: createdAt(variation: BASE) own: createdAt(variation: LOCALIZATION) publishedBy { name } createdBy { name isActive } } }',
      { token: web },
    );
    const createdAt = '2026-01-01T00:00:00.000Z';
    expect(data).toEqual({
      page: {
        base: createdAt,
        own: createdAt,
        publishedBy: { name: 'Hanne' },
        createdBy: { name: 'Hanne', isActive: true },
      },
    });
  });

  test.each([
    [{ 'gcms-locales': 'fr' }, 'gcms-locales'],
    [{ 'gcms-stage': 'LIVE' }, 'gcms-stage'],
  ])('refuses headers %o', async (headers: Record<string, string>, name) => {
    const refused = await server.ask('{ pages { id } }', { headers, token: web });
    expect(refused.status).toBe(400);
    expect(refused.errors[0]?.message).toContain(name);
  });
});

test('node and entities find entries of any model by id', async () => {
  const { data } = await server.ask('{ page(where: { slug: "terms" }) { id } faqs { id } }', { token: web });
  const { page: terms, faqs } = z
    .object({ page: z.object({ id: z.string() }), faqs: z.array(z.object({ id: z.string() })) })
    .parse(data);
  const found = await server.ask(
    `query ($where: [EntityWhereInput!]!) { node(id: "${terms.id}") { __typename id ... on Page { title } } entities(where: $where) { __typename stage ... on Page { title } ... on Faq { question } } none: node(id: "c0") { id } }`,
    {
      token: web,
      variables: {
        where: [
          { id: faqs[0]?.id, stage: 'PUBLISHED', typename: 'Faq' },
          { id: terms.id, stage: 'DRAFT', typename: 'Page', locale: 'en' },
          { id: terms.id, stage: 'DRAFT', typename: 'Faq' },
        ],
      },
    },
  );
  expect(found.data).toEqual({
    node: { __typename: 'Page', id: terms.id, title: 'Terms' },
    entities: [
      { __typename: 'Faq', stage: 'PUBLISHED', question: 'Why?' },
      { __typename: 'Page', stage: 'DRAFT', title: 'New terms' },
    ],
    none: null,
  });
});
