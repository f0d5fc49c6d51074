import { describe, expect, test } from 'vitest';
import { newTokenValue } from '../src/index.ts';
import { aContentFolder, aContentServer, numberedFaqs } from './a-content-server.ts';

const requestId = /^cl[a-z0-9]{23}$/;

describe('addresses', () => {
  test('both have the shapes of the dialect, and other projects and environments are not found', async () => {
    const server = await aContentServer({ dataDir: await aContentFolder({}) });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2\/mercato\/master$/);
    expect(server.cdnUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/content\/mercato\/master$/);
    expect(await server.ask('{ faqs { id } }', { url: server.cdnUrl })).toMatchObject({
      status: 200,
      data: { faqs: [] },
    });
    for (const url of [
      server.url.replace('mercato', 'other'),
      server.url.replace('master', 'dev'),
      server.url.replace('/v2/', '/v1/'),
    ]) {
      const missed = await server.ask('{ faqs { id } }', { url });
      expect(missed).toMatchObject({ status: 404, data: null });
      expect(missed.requestId).toMatch(requestId);
    }
  });
});

describe('what is wrong with a query', () => {
  test.each([
    ['{ blogPosts(where: { idd: "x" }) { id } }', 'input:1: Field "idd" is not defined by type "BlogPostWhereInput"'],
    ['{\n  nothing { id }\n}', 'input:2: Cannot query field "nothing" on type "Query".'],
    ['{ blogPosts { id }', 'input:1: Syntax Error'],
    ['{ _service { sdl } }', 'Cannot query field "_service"'],
    ['{ _entities(representations: []) { __typename } }', 'Cannot query field "_entities"'],
  ])('%s is refused with 400', async (query, message) => {
    const server = await aContentServer({ dataDir: await aContentFolder({}) });
    const refused = await server.ask(query);
    expect(refused).toMatchObject({ status: 400, data: null });
    expect(refused.errors[0]?.message).toContain(message);
    expect(refused.errors[0]?.message).toMatch(/\n$/);
    expect(refused.requestId).toMatch(requestId);
  });

  test('a variable of a wrong type, a body without a query and a body that is no JSON as well', async () => {
    const server = await aContentServer({ dataDir: await aContentFolder({}) });
    const query = 'query ($first: Int!) { faqs(first: $first) { id } }';
    expect(await server.ask(query, { variables: { first: 'ten' } })).toMatchObject({ status: 400, data: null });
    for (const body of ['{}', '{"query":']) {
      const response = await fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        data: null,
        extensions: { requestId: expect.stringMatching(requestId) },
      });
    }
  });
});

describe('tokens', () => {
  const all = newTokenValue('all');
  const faqsOnly = newTokenValue('faqs');
  const tokens = [
    { name: 'all', value: all },
    {
      name: 'faqs',
      value: faqsOnly,
      permissions: [{ model: 'Faq', action: 'read' as const, stages: ['PUBLISHED' as const] }],
    },
  ];
  const guarded = async () => aContentServer({ dataDir: await aContentFolder({ Faq: numberedFaqs(1) }), tokens });

  test('with tokens the public API is off', async () => {
    const server = await guarded();
    expect(await server.ask('{ faqs { id } }')).toMatchObject({ status: 401, data: null });
    expect(await server.ask('{ faqs { id } }', { token: all })).toMatchObject({ status: 200 });
  });

  test('an unknown token is 401, and what is no JWT is 400', async () => {
    const server = await guarded();
    expect(await server.ask('{ faqs { id } }', { token: newTokenValue('stranger') })).toMatchObject({ status: 401 });
    expect(await server.ask('{ faqs { id } }', { token: 'secret' })).toMatchObject({ status: 400 });
    expect(await server.ask('{ faqs { id } }', { headers: { authorization: `Basic ${all}` } })).toMatchObject({
      status: 400,
    });
  });

  test.each([
    ['{ faqs(stage: DRAFT) { id } }', 'Faq', 'DRAFT'],
    ['{ banners { id } }', 'Banner', 'PUBLISHED'],
    ['{ faqs { id createdBy { name } documentInStages { id } } }', 'Faq', 'DRAFT'],
    ['{ faqs { id } authors { name } }', 'Author', 'PUBLISHED'],
  ])('a token reads only the models and stages it was given: %s', async (query, model, stage) => {
    const server = await guarded();
    expect((await server.ask('{ faqs { question } }', { token: faqsOnly })).data).toEqual({
      faqs: [{ question: 'Question 1' }],
    });
    const refused = await server.ask(query, { token: faqsOnly });
    expect(refused).toMatchObject({ status: 403, data: null });
    expect(refused.errors[0]?.extensions).toEqual({ code: '403', failedActions: [{ action: 'read', model, stage }] });
  });

  test('without tokens everyone reads what is published, and nobody drafts', async () => {
    const server = await aContentServer({ dataDir: await aContentFolder({ Faq: numberedFaqs(1) }) });
    expect(await server.ask('{ faqs { id } }')).toMatchObject({ status: 200 });
    expect(await server.ask('{ faqs(stage: DRAFT) { id } }')).toMatchObject({ status: 403 });
  });
});

describe('limits', () => {
  test('a request over 10 KB is 413, one just below is served', async () => {
    const server = await aContentServer({ dataDir: await aContentFolder({}) });
    const query = (length: number) =>
      `query ($in: [String]) { faqs(where: { category_in: $in }) { id } } # ${'x'.repeat(length)}`;
    expect(await server.ask(query(10_000), { variables: { in: [] } })).toMatchObject({ status: 200 });
    const refused = await server.ask(query(10_300), { variables: { in: [] } });
    expect(refused).toMatchObject({ status: 413, data: null });
    expect(refused.requestId).toMatch(requestId);
  });

  test('requests over the rate are 429 at the API and not at the cached address', async () => {
    const server = await aContentServer({ dataDir: await aContentFolder({}), limits: { requestsPerSecond: 5 } });
    const burst = (url: string) =>
      Promise.all(Array.from({ length: 30 }, () => server.ask('{ faqs { id } }', { url })));
    const direct = (await burst(server.url)).map(({ status }) => status);
    expect(direct.filter((status) => status === 429).length).toBeGreaterThan(15);
    expect(direct.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
    expect((await burst(server.cdnUrl)).every(({ status }) => status === 200)).toBe(true);
  });
});

test('the schema can be introspected and has the dialect’s names', async () => {
  const server = await aContentServer({ dataDir: await aContentFolder({}) });
  const { data } = await server.ask(
    '{ where: __type(name: "BlogPostWhereInput") { inputFields { name } } richText: __type(name: "BlogPostContentRichText") { fields(includeDeprecated: true) { name isDeprecated } } union: __type(name: "BlogPostContentRichTextEmbeddedTypes") { possibleTypes { name } } seo: __type(name: "Seo") { interfaces { name } } faq: __type(name: "Faq") { interfaces { name } } stage: __type(name: "Stage") { enumValues { name } } }',
  );
  expect(data).toMatchObject({
    where: {
      inputFields: expect.arrayContaining([
        { name: '_search' },
        { name: 'AND' },
        { name: 'slug_not_ends_with' },
        { name: 'authors_every' },
        { name: 'documentInStages_none' },
      ]),
    },
    richText: {
      fields: expect.arrayContaining([
        { name: 'json', isDeprecated: false },
        { name: 'raw', isDeprecated: true },
        { name: 'references', isDeprecated: false },
      ]),
    },
    union: { possibleTypes: [{ name: 'Asset' }, { name: 'ProductContent' }] },
    seo: { interfaces: [{ name: 'Entity' }] },
    faq: { interfaces: [{ name: 'Entity' }, { name: 'Node' }] },
    stage: { enumValues: [{ name: 'DRAFT' }, { name: 'PUBLISHED' }] },
  });
});
