import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeManifest } from '../src/trusted-documents/make-manifest.ts';
import { sha256 } from '../src/trusted-documents/persisted-queries.ts';
import { redisTexts } from '../src/trusted-documents/redis-texts.ts';
import { type GraphOfTest, graphOf } from './graph/graph-of.ts';
import { hasRedis, redisServer } from './redis-server.ts';

const caching =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"]) @link(url: "https://mercato.dev/specs/cacheControl/v0.1", import: ["@cacheControl"]) @composeDirective(name: "@cacheControl") directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION | OBJECT enum CacheControlScope { PUBLIC PRIVATE }';

let calls = 0;
const shop = {
  sdl: `${caching}
    type Query {
      page: String @cacheControl(maxAge: 60)
      mine: String @cacheControl(maxAge: 30, scope: PRIVATE)
      now: Int
      failing: String @cacheControl(maxAge: 60)
    }
    type Mutation { change: Int @cacheControl(maxAge: 60) }`,
  resolvers: {
    Query: {
      page: () => {
        calls += 1;
        return 'a page';
      },
      mine: () => 'mine',
      now: () => 1,
      failing: () => {
        throw new Error('no');
      },
    },
    Mutation: { change: () => 1 },
  },
};

const known = 'query Page {\n  page\n}';
const change = 'mutation Change {\n  change\n}';
const foreign = '{ now }';

interface Asked {
  query?: string;
  documentId?: string;
  extensions?: object;
  variables?: object;
}

const preflight = { 'apollo-require-preflight': 'yes' };
const persistedQuery = (sha256Hash: string, version = 1) => ({ persistedQuery: { version, sha256Hash } });

const post = async ({ router }: GraphOfTest, asked: Asked, headers: Record<string, string> = {}, path = '/graphql') =>
  told(
    await fetch(`${router.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(asked),
    }),
  );

const get = async ({ router }: GraphOfTest, asked: Asked, headers: Record<string, string> = {}) => {
  const parameters = new URLSearchParams(
    Object.entries(asked).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  return told(await fetch(`${router.url}/graphql?${parameters}`, { headers: { ...preflight, ...headers } }));
};

async function told(response: Response) {
  const body = (await response.json()) as {
    data?: unknown;
    errors?: { message: string; extensions: { code: string } }[];
  };
  return {
    status: response.status,
    data: body.data,
    codes: body.errors?.map(({ extensions }) => extensions.code),
    messages: body.errors?.map(({ message }) => message),
    cacheControl: response.headers.get('cache-control'),
    vary: response.headers.get('vary'),
    allow: response.headers.get('allow'),
  };
}

let folder: string;
const manifest = (name: string, ...texts: string[]): string => {
  const file = join(folder, name);
  writeFileSync(file, makeManifest(texts.map((text) => ({ name, text }))));
  return file;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mercato-documents-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('automatic persisted queries', () => {
  let graph: GraphOfTest;
  beforeAll(async () => {
    graph = await graphOf({ shop });
  });
  afterAll(() => graph.close());

  test('a hash that nobody registered is not found; with its text it is answered and registered; then alone', async () => {
    const query = 'query Registered { page }';
    const extensions = persistedQuery(sha256(query));
    expect(await post(graph, { extensions })).toMatchObject({
      status: 200,
      codes: ['PERSISTED_QUERY_NOT_FOUND'],
      messages: ['PersistedQueryNotFound'],
      cacheControl: 'no-store',
    });
    const answered = { status: 200, data: { page: 'a page' } };
    expect(await post(graph, { query, extensions })).toMatchObject(answered);
    expect(await post(graph, { extensions })).toMatchObject(answered);
    expect(await get(graph, { extensions })).toMatchObject(answered);
    expect(await get(graph, { documentId: `sha256:${sha256(query)}` })).toMatchObject(answered);
    expect(await post(graph, { documentId: `sha256:${sha256(query)}` })).toMatchObject(answered);
  });

  test('the hash of another text is refused', async () => {
    const refused = await post(graph, { query: '{ page }', extensions: persistedQuery(sha256('{ now }')) });
    expect(refused).toMatchObject({
      status: 400,
      codes: ['BAD_REQUEST'],
      messages: ['provided sha does not match query'],
    });
    expect(await post(graph, { extensions: persistedQuery(sha256('{ now }')) })).toMatchObject({
      codes: ['PERSISTED_QUERY_NOT_FOUND'],
    });
  });

  test.each([
    ['that does not parse', '{ page'],
    ['that is not valid', '{ nothing }'],
  ])('a document %s is not registered', async (_what, query) => {
    const extensions = persistedQuery(sha256(query));
    const codes = [expect.stringMatching(/GRAPHQL_(PARSE|VALIDATION)_FAILED/)];
    expect(await post(graph, { query, extensions })).toMatchObject({ codes });
    expect(await post(graph, { extensions })).toMatchObject({ codes: ['PERSISTED_QUERY_NOT_FOUND'] });
  });

  test('another version, no document at all and ids of no form are the caller’s mistakes', async () => {
    for (const asked of [{}, { extensions: persistedQuery(sha256(known), 2) }, { documentId: 'a b' }, { query: '' }]) {
      expect(await post(graph, asked)).toMatchObject({ status: 400, codes: ['BAD_REQUEST'] });
    }
  });

  test('a mutation is not run by GET, by its hash as little as by its text', async () => {
    const extensions = persistedQuery(sha256(change));
    expect(await post(graph, { query: change, extensions })).toMatchObject({ data: { change: 1 } });
    for (const asked of [{ extensions }, { query: change }, { query: change, extensions }]) {
      expect(await get(graph, asked)).toMatchObject({ status: 405, allow: 'POST', cacheControl: 'no-store' });
    }
  });

  test.skipIf(!hasRedis)('several routers know what one was told', async () => {
    const redis = await redisServer();
    const sharedTexts = redisTexts(redis.url);
    const routers = [await graphOf({ shop }, { sharedTexts }), await graphOf({ shop }, { sharedTexts })] as const;
    const query = 'query Shared { page }';
    const extensions = persistedQuery(sha256(query));
    await expect.poll(async () => (await post(routers[0], { query, extensions })).data).toEqual({ page: 'a page' });
    await expect.poll(async () => (await post(routers[1], { extensions })).data).toEqual({ page: 'a page' });
    for (const router of routers) await router.close();
    sharedTexts.close();
    await redis.remove();
  });
});

describe('what caches are told', () => {
  let graph: GraphOfTest;
  beforeAll(async () => {
    graph = await graphOf({ shop }, { corsOrigins: ['https://shop.example'] });
  });
  afterAll(() => graph.close());

  test.each([
    ['what is public, for anyone', '{ page }', 'public, max-age=60'],
    ['what has a private part, for one', '{ page mine }', 'private, max-age=30'],
    ['what states no lifetime, not at all', '{ page now }', 'no-store'],
    ['what failed, not at all', '{ page failing }', 'no-store'],
    ['introspection, not at all', '{ __schema { queryType { name } } }', 'no-store'],
  ])('%s', async (_what, query, cacheControl) => {
    expect((await get(graph, { query })).cacheControl).toBe(cacheControl);
  });

  test('an answer to someone known is for them alone', async () => {
    const headers = await graph.bearer('customer');
    expect((await get(graph, { query: '{ page }' }, headers)).cacheControl).toBe('private, max-age=60');
  });

  test('caches tell answers apart by all that makes them different', async () => {
    const { vary } = await get(graph, { query: '{ page }' }, { origin: 'https://shop.example' });
    expect(vary?.toLowerCase().split(', ').sort()).toEqual(['accept', 'accept-language', 'authorization', 'origin']);
  });

  test.each([
    ['a document that is not valid', { query: '{ nothing }' }],
    ['a hash that is not known', { extensions: persistedQuery(sha256('unknown')) }],
  ])('%s is not kept', async (_what, asked) => {
    expect((await get(graph, asked)).cacheControl).toBe('no-store');
  });

  test('mutations are not kept', async () => {
    expect((await post(graph, { query: change })).cacheControl).toBe('no-store');
  });
});

describe('trusted documents', () => {
  let graph: GraphOfTest;
  beforeAll(async () => {
    graph = await graphOf(
      { shop },
      {
        trustedDocuments: {
          storefront: { file: manifest('storefront.json', known, change), for: ['guest', 'customer'], mode: 'only' },
          partners: { file: manifest('partners.json', known), for: ['partner'], mode: 'ids' },
        },
      },
    );
  });
  afterAll(() => graph.close());

  test('are answered by id and by text, however it is written', async () => {
    const id = sha256(known);
    const asks: Asked[] = [
      { documentId: `sha256:${id}` },
      { extensions: persistedQuery(id) },
      { query: known },
      { query: 'query Page { # please\n page }' },
    ];
    for (const asked of asks) {
      expect(await post(graph, asked)).toMatchObject({ status: 200, data: { page: 'a page' } });
      expect(await get(graph, asked)).toMatchObject({ cacheControl: 'public, max-age=60' });
    }
  });

  test('others are refused before anything is asked', async () => {
    const before = calls;
    for (const query of [
      '{ page }',
      'query Page { page more: page }',
      '{ page',
      '{ __schema { queryType { name } } }',
    ]) {
      expect(await post(graph, { query })).toMatchObject({
        status: 403,
        codes: ['QUERY_NOT_IN_SAFELIST'],
        data: undefined,
      });
    }
    expect(calls).toBe(before);
  });

  test('others cannot be registered', async () => {
    const extensions = persistedQuery(sha256(foreign));
    expect(await post(graph, { query: foreign, extensions })).toMatchObject({ codes: ['QUERY_NOT_IN_SAFELIST'] });
    expect(await post(graph, { extensions })).toMatchObject({ codes: ['PERSISTED_QUERY_NOT_FOUND'] });
  });

  test('by id only, no text is taken, not even a known one', async () => {
    const headers = await graph.bearer('partner');
    expect(await post(graph, { documentId: `sha256:${sha256(known)}` }, headers)).toMatchObject({ status: 200 });
    expect(await post(graph, { query: known }, headers)).toMatchObject({
      status: 400,
      codes: ['PERSISTED_QUERY_ID_REQUIRED'],
    });
    // Known, but of another client's.
    expect(await post(graph, { documentId: `sha256:${sha256(change)}` }, headers)).toMatchObject({
      codes: ['PERSISTED_QUERY_NOT_FOUND'],
    });
  });

  test('a claim in a header opens nothing; a credential does', async () => {
    const claim = { 'apollographql-client-name': 'partners' };
    expect(await post(graph, { query: foreign }, claim)).toMatchObject({ codes: ['QUERY_NOT_IN_SAFELIST'] });
    expect(await post(graph, { query: foreign }, await graph.bearer('staff'))).toMatchObject({ data: { now: 1 } });
    const free = await graph.bearer('customer', 'documents:any');
    expect(await post(graph, { query: foreign }, free)).toMatchObject({ data: { now: 1 } });
    expect(await post(graph, { query: foreign }, await graph.bearer('customer', 'other'))).toMatchObject({
      status: 403,
    });
  });
});
