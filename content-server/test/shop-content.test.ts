import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newTokenValue } from '../src/index.ts';
import { type RunningServer, startContentServer } from './a-content-server.ts';

const token = newTokenValue('tests');
let server: RunningServer;
beforeAll(async () => {
  server = await startContentServer({ tokens: [{ name: 'tests', value: token }] });
});
afterAll(() => server.close());

const read = async <T extends z.ZodType>(shape: T, query: string): Promise<z.output<T>> => {
  const { data, errors } = await server.ask(query, { token });
  expect(errors).toEqual([]);
  return shape.parse(data);
};

const words = (text: string): number => text.replaceAll('\\n', ' ').split(/\s+/).filter(Boolean).length;
const text = z.object({ text: z.string().min(1) });

describe.each(['en', 'de'])('in %s', (locale) => {
  test('there are eight articles of 250 to 500 words, each whole', async () => {
    const article = z.object({
      slug: z.string(),
      title: z.string(),
      excerpt: z.string().min(40),
      content: text,
      coverImage: z.object({ altText: z.string() }),
      authors: z
        .array(z.object({ name: z.string(), bio: z.string(), avatar: z.object({ url: z.url() }) }))
        .min(1)
        .max(2),
      productHandles: z.array(z.string()).min(2),
      seo: z.object({ title: z.string(), description: z.string() }),
    });
    const { blogPosts } = await read(
      z.object({ blogPosts: z.array(article) }),
      `{ blogPosts(locales: [${locale}], orderBy: publishedAt_DESC) { slug title excerpt content { text } coverImage { altText } authors { name bio avatar { url } } productHandles seo { title description } } }`,
    );
    expect(blogPosts).toHaveLength(8);
    for (const { slug, content } of blogPosts) {
      expect([slug, words(content.text)]).toEqual([
        slug,
        expect.toSatisfy((count: number) => count >= 250 && count <= 500),
      ]);
    }
  });

  test('there are products with a story, a picture, questions and words for search engines', async () => {
    const product = z.object({
      handle: z.string(),
      headline: z.string(),
      body: text,
      gallery: z.array(z.object({ altText: z.string(), width: z.number() })).min(1),
      faqs: z
        .array(z.object({ question: z.string(), answer: text }))
        .min(1)
        .max(3),
      seo: z.object({ title: z.string(), description: z.string().min(30), image: z.object({ url: z.url() }) }),
    });
    const { productContents } = await read(
      z.object({ productContents: z.array(product) }),
      `{ productContents(first: 100, locales: [${locale}]) { handle headline body { text } gallery { altText width } faqs { question answer { text } } seo { title description image { url } } } }`,
    );
    expect(productContents.length).toBeGreaterThanOrEqual(70);
  });

  test('there are the policy pages, menus, banners and words for listings', async () => {
    const { pages, main, footer, home, category, faqs, listings } = await read(
      z.object({
        pages: z.array(
          z.object({ slug: z.string(), title: z.string(), body: text, seo: z.object({ description: z.string() }) }),
        ),
        main: z.object({
          items: z.array(
            z.object({
              label: z.string(),
              url: z.string().startsWith('/'),
              children: z.array(z.object({ label: z.string() })),
            }),
          ),
        }),
        footer: z.object({ items: z.array(z.object({ label: z.string() })) }),
        home: z.array(z.object({ headline: z.string(), image: z.object({ altText: z.string() }) })),
        category: z.array(z.object({ headline: z.string() })),
        faqs: z.array(z.object({ category: z.string(), answer: text })),
        listings: z.array(z.object({ handle: z.string(), headline: z.string(), image: z.object({ url: z.url() }) })),
      }),
      `{ pages(locales: [${locale}]) { slug title body { text } seo { description } } main: navigation(where: { key: "main" }, locales: [${locale}]) { items { label url children { label } } } footer: navigation(where: { key: "footer" }, locales: [${locale}]) { items { label } } home: banners(where: { placement: "home" }, orderBy: position_ASC, locales: [${locale}]) { headline image { altText } } category: banners(where: { placement: "category" }, locales: [${locale}]) { headline } faqs(first: 100, locales: [${locale}], orderBy: position_ASC) { category answer { text } } listings: listingContents(where: { kind: category }, locales: [${locale}]) { handle headline image { url } } }`,
    );
    expect(pages.map(({ slug }) => slug).sort()).toEqual([
      'about',
      'contact',
      'privacy-policy',
      'shipping-and-returns',
      'terms',
    ]);
    expect(pages.filter(({ slug, body }) => !['about', 'contact'].includes(slug) && words(body.text) < 200)).toEqual(
      [],
    );
    expect(main.items.length).toBeGreaterThanOrEqual(6);
    expect(footer.items).toHaveLength(3);
    expect(home).toHaveLength(3);
    expect(category).toHaveLength(1);
    expect(faqs.length).toBeGreaterThanOrEqual(14);
    expect(new Set(faqs.map((faq) => faq.category)).size).toBe(4);
    expect(listings.map(({ handle }) => handle).sort()).toEqual([
      'bath-and-care',
      'desk',
      'kitchen',
      'outdoor',
      'table',
      'textiles',
    ]);
  });
});

test('some content is only a draft, and some drafts go beyond what is published', async () => {
  const drafts = z.object({ blogPosts: z.array(z.object({ slug: z.string() })) });
  const { blogPosts } = await read(
    drafts,
    '{ blogPosts(stage: DRAFT, where: { documentInStages_none: { stage: PUBLISHED } }) { slug } }',
  );
  expect(blogPosts).toEqual([{ slug: 'winter-light' }]);
});

test('every picture is drawn in less than 6 KB and has words for those who cannot see it', async () => {
  const picture = z.object({ fileName: z.string(), size: z.number().max(6000), altText: z.string().min(5) });
  const { assets } = await read(
    z.object({ assets: z.array(picture) }),
    '{ assets(first: 100, locales: [de]) { fileName size altText } }',
  );
  expect(assets.length).toBeGreaterThan(50);
});

test('a hundred handles with all that a product page shows are one request below the limits', async () => {
  const handles = Array.from({ length: 100 }, (_, n) =>
    n === 0 ? 'stoneware-mug' : `a-product-with-a-rather-long-handle-${n}`,
  );
  const query =
    'query ($keys: [String], $n: Int, $stage: Stage!, $locales: [Locale!]!) { productContents(where: { handle_in: $keys }, first: $n, stage: $stage, locales: $locales) { handle locale headline body { raw html text } gallery { url altText width height } faqs(first: 20) { id question answer { raw html text } category } seo { title description noIndex image { url altText } } } }';
  const variables = { keys: handles, n: 100, stage: 'PUBLISHED', locales: ['de', 'en'] };
  const { status, data } = await server.ask(query, { token, variables });
  expect(status).toBe(200);
  expect(data).toMatchObject({ productContents: [{ handle: 'stoneware-mug', locale: 'de' }] });
});
