import type { Fault } from '@mercato/content-server';
import { createLogger } from '@mercato/telemetry';
import { ask, askData } from '@mercato/testkit';
import { describe, expect, test } from 'vitest';
import {
  aCms,
  aContentFolder,
  anEntry,
  aServer,
  aSubgraph,
  contentOfProducts,
  countingRequests,
  products,
} from './a-content-subgraph.ts';

const mug = { representations: products(['stoneware-mug']) };
const headlineOf = (data: unknown) =>
  (data as { _entities: [{ content: { headline: string } | null }] })._entities[0].content?.headline;

/** Nothing stays fresh, so that each question is asked; nothing rests for long. */
const impatient = {
  hygraph: { deadlineMs: 300, breaker: { failures: 1_000 } },
  cache: { freshMs: 0, patienceMs: 100 },
};

const faults: Fault[] = [{ mode: 'hang' }, { mode: '500' }, { mode: '429' }, { mode: 'garbage' }, { mode: '413' }];

describe.each(faults)('a CMS with the fault $mode', (fault) => {
  test('leaves its fields null, with an error that names no address, and answers the rest', async () => {
    const cms = await aCms();
    const subgraph = await aSubgraph(cms.url, impatient);
    cms.faults.set(fault);
    const began = performance.now();
    const { data, errors } = await ask(
      subgraph,
      `{ __typename page(slug: "terms") { title } faqs { question } blogPosts { nodes { slug } } }`,
    );
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(data).toEqual({ __typename: 'Query', page: null, faqs: null, blogPosts: null });
    expect(errors?.map(({ path }) => path)).toEqual(expect.arrayContaining([['page'], ['faqs'], ['blogPosts']]));
    expect(new Set(errors?.map(({ extensions }) => extensions?.code))).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']));
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
  });

  test('is covered by what it said before, without the wait', async () => {
    const cms = await aCms();
    const subgraph = await aSubgraph(cms.url, { ...impatient, hygraph: { ...impatient.hygraph, deadlineMs: 5_000 } });
    const queries: [string, Record<string, unknown>][] = [
      [contentOfProducts, mug],
      ['{ faqs(category: "orders") { question } banners(placement: "home") { headline } }', {}],
      [
        '{ blogPosts(first: 2) { totalCount nodes { title } } blogPost(slug: "slow-coffee") { title } navigation(key: "main") { items { label } } }',
        {},
      ],
    ];
    const before = await Promise.all(queries.map(([query, variables]) => askData(subgraph, query, variables)));
    cms.faults.set(fault);
    const began = performance.now();
    const during = await Promise.all(queries.map(([query, variables]) => askData(subgraph, query, variables)));
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(during).toEqual(before);
    expect(cms.faults.state.hits).toBeGreaterThan(0);
  });
});

test('a failure that passes is not seen', async () => {
  const cms = await aCms();
  const subgraph = await aSubgraph(cms.url, impatient);
  cms.faults.set({ mode: '500', times: 1 });
  expect(headlineOf(await askData(subgraph, contentOfProducts, mug))).toBe('The cup that stays on the table');
  cms.faults.set({ mode: 'garbage', times: 1 });
  expect(await askData(subgraph, '{ page(slug: "terms") { slug } }')).toEqual({ page: { slug: 'terms' } });
});

test('a CMS that stays away costs no more than a few requests, and is taken in when it is back', async () => {
  const cms = await aCms();
  const subgraph = await aSubgraph(cms.url, {
    hygraph: { breaker: { failures: 3, restMs: 1_500, longestRestMs: 1_500 } },
    cache: { freshMs: 0 },
  });
  cms.faults.set({ mode: '500' });
  for (let n = 0; n < 20; n += 1) await ask(subgraph, '{ page(slug: "terms") { title } }');
  // Three failures, and perhaps a question after a rest.
  expect(cms.faults.state.hits).toBeGreaterThanOrEqual(3);
  expect(cms.faults.state.hits).toBeLessThanOrEqual(5);

  cms.faults.clear();
  await expect
    .poll(async () => (await ask(subgraph, '{ page(slug: "terms") { slug } }')).data, { timeout: 10_000 })
    .toEqual({ page: { slug: 'terms' } });
  // The circuit is closed, not ajar: all that ask at once are served.
  const answers = await Promise.all(
    ['terms', 'about', 'contact', 'privacy-policy'].map((slug) => ask(subgraph, `{ page(slug: "${slug}") { slug } }`)),
  );
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
});

test('a CMS that is asked too much is left alone as long as it wants', async () => {
  let requests = 0;
  const endpoint = await aServer((_request, response) => {
    requests += 1;
    response.writeHead(429, { 'retry-after': '30' }).end('{"errors":[{"message":"too many requests"}],"data":null}');
  });
  const subgraph = await aSubgraph(endpoint, { hygraph: { breaker: { restMs: 1 } } });
  for (let n = 0; n < 10; n += 1) {
    const { errors } = await ask(subgraph, '{ page(slug: "terms") { title } }');
    expect(errors).toHaveLength(1);
  }
  expect(requests).toBe(1);
});

test('what is published is seen once the copy is no longer fresh', async () => {
  const folder = (headline: string) =>
    aContentFolder({ ProductContent: [anEntry('mug', { fields: { handle: 'mug' }, en: { headline } })] });
  const first = await aCms({ dataDir: await folder('Before') });
  const port = Number(new URL(first.url).port);
  const subgraph = await aSubgraph(first.url, { cache: { freshMs: 400, patienceMs: 2_000 } });
  const read = async () =>
    headlineOf((await ask(subgraph, contentOfProducts, { representations: products(['mug']) })).data);

  expect(await read()).toBe('Before');
  await first.close();
  await aCms({ dataDir: await folder('After'), port });
  expect(await read()).toBe('Before');
  await expect.poll(read, { timeout: 5_000 }).toBe('After');
});

test('what is written after all is seen, and what is taken down is gone', async () => {
  const there = { ProductContent: [anEntry('mug', { fields: { handle: 'mug' }, en: { headline: 'Here' } })] };
  const read = async () =>
    headlineOf((await ask(subgraph, contentOfProducts, { representations: products(['mug']) })).data);
  let cms = await aCms({ dataDir: await aContentFolder({}) });
  const port = Number(new URL(cms.url).port);
  const subgraph = await aSubgraph(cms.url, { cache: { freshMs: 0, patienceMs: 2_000 } });
  const publish = async (content: Record<string, object[]>) => {
    await cms.close();
    cms = await aCms({ port, dataDir: await aContentFolder(content) });
  };
  expect(await read()).toBeUndefined();
  await publish(there);
  await expect.poll(read, { timeout: 5_000 }).toBe('Here');
  await publish({});
  await expect.poll(read, { timeout: 5_000 }).toBeUndefined();
});

describe('a mistake in the settings', () => {
  const loud = () => {
    const lines: { level: number; msg: string }[] = [];
    const logger = createLogger({
      name: 'content',
      destination: { write: (line) => void lines.push(JSON.parse(line)) },
    });
    return { logger, errors: () => lines.filter(({ level }) => level >= 50).map(({ msg }) => msg) };
  };
  const token = (name: string) => `${name}.of.test`;

  test('a wrong token is told loudly and once', async () => {
    const cms = await aCms({ tokens: [{ name: 'web', value: token('web') }] });
    const { logger, errors } = loud();
    const subgraph = await aSubgraph(cms.url, {
      ...impatient,
      logger,
      hygraph: { ...impatient.hygraph, token: token('old') },
    });
    for (let n = 0; n < 5; n += 1) {
      expect(await ask(subgraph, '{ page(slug: "terms") { title } }')).toMatchObject({
        data: { page: null },
        errors: [{}],
      });
    }
    expect(errors()).toEqual([expect.stringContaining('HYGRAPH_TOKEN')]);
  });

  test('the right token opens a closed project', async () => {
    const cms = await aCms({ tokens: [{ name: 'web', value: token('web') }] });
    const subgraph = await aSubgraph(cms.url, { hygraph: { token: token('web') } });
    expect(await askData(subgraph, '{ page(slug: "terms") { slug } }')).toEqual({ page: { slug: 'terms' } });
  });

  test('a model that the token may not read takes nothing else down', async () => {
    const models = ['Page', 'Asset'].map((model) => ({
      model,
      action: 'read' as const,
      stages: ['PUBLISHED' as const],
    }));
    const cms = await aCms({ tokens: [{ name: 'web', value: token('web'), permissions: models }] });
    const { logger, errors } = loud();
    const subgraph = await aSubgraph(cms.url, { logger, cache: { freshMs: 0 }, hygraph: { token: token('web') } });
    for (let n = 0; n < 12; n += 1) {
      const { data } = await ask(subgraph, '{ navigation(key: "main") { key } page(slug: "terms") { slug } }');
      expect(data).toEqual({ navigation: null, page: { slug: 'terms' } });
    }
    expect(errors()).toEqual([expect.stringContaining('refuses a question')]);
  });

  test('an address of no project, and one that leads elsewhere', async () => {
    const cms = await aCms();
    const elsewhere = await aServer((_request, response) => response.writeHead(302, { location: cms.url }).end());
    for (const endpoint of [cms.url.replace('master', 'mistake'), elsewhere]) {
      const { logger, errors } = loud();
      const subgraph = await aSubgraph(endpoint, { logger });
      expect(await ask(subgraph, '{ page(slug: "terms") { title } }')).toMatchObject({ data: { page: null } });
      expect(errors()).toEqual([expect.stringContaining('HYGRAPH_ENDPOINT')]);
    }
  });
});

describe('a server that is none of the kind', () => {
  const question = '{ page(slug: "terms") { title } }';

  test('one that sends without end is cut off', async () => {
    const endpoint = await aServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const subgraph = await aSubgraph(endpoint, { hygraph: { maxAnswerBytes: 1_000_000, deadlineMs: 10_000 } });
    const began = performance.now();
    expect((await ask(subgraph, question)).data).toEqual({ page: null });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('one that begins and then says no more is given up in time', async () => {
    const endpoint = await aServer((_request, response) => void response.writeHead(200).write('{"data":'));
    const subgraph = await aSubgraph(endpoint, { hygraph: { deadlineMs: 200 } });
    const began = performance.now();
    expect((await ask(subgraph, question)).data).toEqual({ page: null });
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test('one that is not there', async () => {
    const cms = await aCms();
    await cms.close();
    const subgraph = await aSubgraph(cms.url);
    expect((await ask(subgraph, question)).data).toEqual({ page: null });
    await expect(subgraph.ready()).resolves.toBeUndefined();
  });

  test('entries that lack what they must have are left out, alone', async () => {
    const good = {
      id: '1',
      question: 'Whole?',
      answer: { html: '<p>Yes</p>', text: 'Yes', raw: { children: [] } },
      category: null,
    };
    const endpoint = await aServer((_request, response) =>
      response.end(
        JSON.stringify({ data: { entries: [{ ...good, answer: null }, good, 7, { ...good, question: null }] } }),
      ),
    );
    const subgraph = await aSubgraph(endpoint);
    expect(await askData(subgraph, '{ faqs { question } }')).toEqual({ faqs: [{ question: 'Whole?' }] });
  });
});

test('requests are named to the CMS with stage, languages, token and how stale an answer may be', async () => {
  const seen: { headers: NodeJS.Dict<string | string[]>; body: { operationName: string; variables: object } }[] = [];
  const endpoint = await aServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    seen.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.end('{"data":{"entries":[]}}');
  });
  const subgraph = await aSubgraph(endpoint, { hygraph: { token: 'a.b.c' } });
  await askData(subgraph, '{ page(slug: "terms", locale: DE) { title } }');
  expect(seen).toMatchObject([
    {
      headers: {
        authorization: 'Bearer a.b.c',
        'gcms-stage': 'PUBLISHED',
        'gcms-locales': 'de, en',
        'hyg-stale-if-error': '86400',
      },
      body: {
        operationName: 'Pages',
        variables: { keys: ['terms'], first: 1, stage: 'PUBLISHED', locales: ['de', 'en'] },
      },
    },
  ]);
});

test('content that is stale is refreshed behind a slow CMS', async () => {
  const cms = await aCms();
  const subgraph = await aSubgraph(cms.url, { cache: { freshMs: 0, patienceMs: 50 }, hygraph: { deadlineMs: 10_000 } });
  await askData(subgraph, contentOfProducts, mug);
  cms.faults.set({ mode: 'latency', ms: 4_000 });
  const began = performance.now();
  expect(headlineOf(await askData(subgraph, contentOfProducts, mug))).toBe('The cup that stays on the table');
  expect(performance.now() - began).toBeLessThan(3_000);
  const requests = countingRequests(cms);
  expect(headlineOf(await askData(subgraph, contentOfProducts, mug))).toBe('The cup that stays on the table');
  // The first refresh is still under way, and serves this caller, too.
  expect(requests()).toBe(0);
});
