import { readFileSync } from 'node:fs';
import type { Subgraph } from '@mercato/subgraph-server';
import { askData } from '@mercato/testkit';
import { type FieldNode, parse, print, visit } from 'graphql';
import { describe, expect, test } from 'vitest';
import { aCms, aContentFolder, anEntry, aSubgraph } from './a-content-subgraph.ts';

const shop = async (): Promise<Subgraph> => aSubgraph((await aCms()).url);

/** The storefront's own documents, without what other subgraphs answer. */
const documents = parse(
  readFileSync(new URL('../../../e2e/operations/storefront/content.graphql', import.meta.url), 'utf8'),
);
const elsewhere = new Set(['priceRange', 'availability']);
function documentNamed(name: string): string {
  const definition = documents.definitions.find((each) => 'name' in each && each.name?.value === name);
  if (!definition) throw new Error(`There is no document ${name}.`);
  return print(
    visit(definition, {
      Field: (node) => {
        if (elsewhere.has(node.name.value)) return null;
        return node.name.value === 'products' ? withoutTitle(node) : undefined;
      },
    }),
  );
}
const withoutTitle = (node: FieldNode): FieldNode =>
  visit(node, { Field: (inner) => (inner.name.value === 'title' ? null : undefined) });

interface Post {
  id: string;
  slug: string;
  title: string;
  locale: string;
  excerpt: string;
  publishedAt: string;
  body: { html: string; text: string; raw: { children: { type: string }[] } };
  authors: { name: string; bio: string; avatar: { url: string } }[];
  products: { handle: string }[];
  coverImage: { url: string; altText: string };
  seo: { title: string; description: string };
}

describe('the storefront reads', () => {
  test('the blog, newest first, in either language', async () => {
    const subgraph = await shop();
    const ask = (variables: object) =>
      askData<{ blogPosts: { totalCount: number; pageInfo: { hasNextPage: boolean }; nodes: Post[] } }>(
        subgraph,
        documentNamed('BlogIndex'),
        { ...variables },
      );
    const { blogPosts: english } = await ask({ first: 3 });
    const { blogPosts: german } = await ask({ first: 3, locale: 'DE' });

    expect(english.nodes).toHaveLength(3);
    expect(english.totalCount).toBeGreaterThanOrEqual(8);
    expect(english.pageInfo.hasNextPage).toBe(true);
    const dates = english.nodes.map(({ publishedAt }) => publishedAt);
    expect(dates).toEqual([...dates].sort().reverse());
    expect(english.nodes[0]?.authors[0]?.name).toEqual(expect.any(String));
    expect(english.nodes[0]?.coverImage.url).toContain('/resize=width:800,fit:max/');
    expect(german.nodes.map(({ slug }) => slug)).toEqual(english.nodes.map(({ slug }) => slug));
    expect(german.nodes[1]?.title).not.toBe(english.nodes[1]?.title);
  });

  test('an article, with the products it speaks of', async () => {
    const { blogPost } = await askData<{ blogPost: Post }>(await shop(), documentNamed('BlogArticle'), {
      slug: 'why-cast-iron-lasts',
    });
    expect(blogPost).toMatchObject({
      title: 'Why cast iron lasts',
      locale: 'EN',
      publishedAt: '2026-03-12T07:00:00.000Z',
      products: [{ handle: 'cast-iron-skillet' }, { handle: 'oven-mitt' }, { handle: 'salt-cellar' }],
    });
    expect(blogPost.body.html).toContain('<h2>What seasoning really is</h2>');
    expect(blogPost.body.html).toContain('data-product-handle="cast-iron-skillet"');
    expect(blogPost.body.text).toContain('What seasoning really is\n');
    expect(blogPost.body.text).not.toContain('\\n');
    expect(blogPost.body.raw.children).toContainEqual(
      expect.objectContaining({ type: 'embed', product: { handle: 'cast-iron-skillet' } }),
    );
    expect(blogPost.authors[0]?.avatar.url).toMatch(/^http/);
    expect(blogPost.seo.title).toEqual(expect.any(String));
  });

  test('the same article in German, and one that has no German version in English', async () => {
    const german = await askData<{ blogPost: Post }>(await shop(), documentNamed('BlogArticle'), {
      slug: 'why-cast-iron-lasts',
      locale: 'DE',
    });
    expect(german.blogPost.locale).toBe('DE');
    expect(german.blogPost.title).not.toBe('Why cast iron lasts');

    const dataDir = await aContentFolder({
      BlogPost: [anEntry('only-english', { fields: { slug: 'only-english' }, en: { title: 'Only English' } })],
    });
    const subgraph = await aSubgraph((await aCms({ dataDir })).url);
    const fallback = await askData(subgraph, documentNamed('BlogArticle'), { slug: 'only-english', locale: 'DE' });
    expect(fallback).toMatchObject({ blogPost: { locale: 'EN', title: 'Only English', body: null, seo: null } });
  });

  test('questions of a category, in the editors’ order, and all of them', async () => {
    const subgraph = await shop();
    const ask = (variables: Record<string, unknown>) =>
      askData<{ faqs: { question: string; answer: { html: string; text: string }; category: string }[] }>(
        subgraph,
        documentNamed('Faqs'),
        variables,
      );
    const { faqs: orders } = await ask({ category: 'orders' });
    expect(orders[0]).toMatchObject({ question: 'Can I change or cancel my order?', category: 'orders' });
    expect(orders[0]?.answer.html).toMatch(/^<p>Yes, as long as/);
    expect(new Set(orders.map(({ category }) => category))).toEqual(new Set(['orders']));
    expect((await ask({})).faqs.length).toBeGreaterThan(10);
    expect((await ask({ category: 'orders', locale: 'DE' })).faqs[0]?.question).toBe(
      'Kann ich meine Bestellung ändern oder stornieren?',
    );
    expect((await ask({ category: 'no such category' })).faqs).toEqual([]);
  });

  test.each(['privacy-policy', 'terms', 'shipping-and-returns'])('the page %s in both languages', async (slug) => {
    const subgraph = await shop();
    const ask = (locale: string) =>
      askData<{ page: { title: string; body: { html: string } } }>(subgraph, documentNamed('PageBySlug'), {
        slug,
        locale,
      });
    const [english, german] = [await ask('EN'), await ask('DE')];
    expect(english.page.body.html.length).toBeGreaterThan(200);
    expect(german.page.body.html).not.toBe(english.page.body.html);
  });

  test('menu and announcements', async () => {
    const { navigation, banners } = await askData<{
      navigation: { items: { label: string; url: string; children: { label: string; url: string }[] }[] };
      banners: { headline: string; link: string; image: { url: string; altText: string } }[];
    }>(await shop(), documentNamed('Shell'));
    expect(navigation.items[0]).toMatchObject({ label: 'Kitchen', url: '/categories/kitchen' });
    expect(navigation.items[0]?.children[0]).toMatchObject({ label: 'Cookware' });
    expect(banners[0]).toMatchObject({ headline: 'Lay the table, stay a while', link: '/categories/table' });
    expect(banners[0]?.image.altText).toEqual(expect.any(String));
  });

  test('what was written about a product, a category and a collection', async () => {
    const { _entities } = await askData<{ _entities: Record<string, { headline: string }>[] }>(
      await shop(),
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Product { content { locale headline body { html text } gallery { url altText width } faqs { question answer { html } } seo { title noIndex image { url } } } }
        ... on Category { content(locale: DE) { locale headline image { url(transform: { width: 400, height: 300, fit: CROP }) } } }
        ... on Collection { content { headline } }
      } }`,
      {
        representations: [
          { __typename: 'Product', handle: 'stoneware-mug' },
          { __typename: 'Category', handle: 'kitchen' },
          { __typename: 'Collection', handle: 'bestsellers' },
          // A category's text is not a collection's.
          { __typename: 'Collection', handle: 'kitchen' },
          { __typename: 'Product', handle: 'nobody-wrote-about-it' },
        ],
      },
    );
    expect(_entities[0]?.content).toMatchObject({
      locale: 'EN',
      headline: 'The cup that stays on the table',
      gallery: [{ width: expect.any(Number) }, {}],
      faqs: [{ answer: { html: expect.stringContaining('<p>') } }, {}, {}],
      seo: { noIndex: false, image: { url: expect.stringMatching(/^http/) } },
    });
    expect(_entities[1]?.content).toMatchObject({
      locale: 'DE',
      headline: 'Werkzeug, das seinen Haken verdient',
      image: { url: expect.stringContaining('/resize=width:400,height:300,fit:crop/') },
    });
    expect(_entities[2]?.content?.headline).toEqual(expect.any(String));
    expect(_entities[3]?.content).toBeNull();
    expect(_entities[4]?.content).toBeNull();
  });

  test('null for names that nobody gave', async () => {
    const answer = await askData(
      await shop(),
      `{ page(slug: "nowhere") { title } blogPost(slug: "") { title } navigation(key: "${'k'.repeat(300)}") { key } }`,
    );
    expect(answer).toEqual({ page: null, blogPost: null, navigation: null });
  });
});

test('pictures are delivered at the transformed address', async () => {
  const { banners } = await askData<{ banners: { image: { small: string; cut: string } }[] }>(
    await shop(),
    `{ banners(placement: "home") { image { small: url(transform: { width: 64 }) cut: url(transform: { width: 50, height: 50, fit: CROP }) } } }`,
  );
  for (const url of [banners[0]?.image.small, banners[0]?.image.cut]) {
    const response = await fetch(url ?? '');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^image\//);
  }
});
