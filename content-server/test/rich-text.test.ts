import { expect, test } from 'vitest';
import { aContentFolder, aContentServer } from './a-content-server.ts';

const created = '2026-01-01T00:00:00Z';
const blocks = [
  'A **bold**, *slanted* and `coded` <word> & [a link](/pages/terms?a=1&b=2)',
  '## Heading',
  '> Quoted',
  '- One\n- **Two**',
  '1. First\n2. Second',
];

const withBlocks = (content: string[]) =>
  aContentFolder({
    Faq: [
      { key: 'q', createdAt: created, publishedAt: created, localizations: { en: { question: 'Q', answer: blocks } } },
    ],
    ProductContent: [
      { key: 'mug', createdAt: created, publishedAt: created, fields: { handle: 'mug' }, localizations: { en: {} } },
      { key: 'unpublished', createdAt: created, fields: { handle: 'unpublished' }, localizations: { en: {} } },
    ],
    Asset: [
      {
        key: 'picture',
        createdAt: created,
        publishedAt: created,
        scene: { palette: 'oat', objects: [] },
        localizations: { en: {} },
      },
    ],
    BlogPost: [
      {
        key: 'p',
        createdAt: created,
        publishedAt: created,
        fields: { slug: 'p' },
        localizations: { en: { title: 'P', content } },
      },
      {
        key: 'empty',
        createdAt: created,
        publishedAt: created,
        fields: { slug: 'empty' },
        localizations: { en: { title: 'E' } },
      },
    ],
  });

test('a field without embeds is given raw, as HTML, as Markdown and as words', async () => {
  const server = await aContentServer({ dataDir: await withBlocks([]) });
  const { data } = await server.ask('{ faqs { answer { __typename raw html markdown text } } }');
  expect(data).toEqual({
    faqs: [
      {
        answer: {
          __typename: 'RichText',
          raw: {
            children: [
              {
                type: 'paragraph',
                children: [
                  { text: 'A ' },
                  { text: 'bold', bold: true },
                  { text: ', ' },
                  { text: 'slanted', italic: true },
                  { text: ' and ' },
                  { text: 'coded', code: true },
                  { text: ' <word> & ' },
                  { type: 'link', href: '/pages/terms?a=1&b=2', children: [{ text: 'a link' }] },
                  { text: '' },
                ],
              },
              { type: 'heading-two', children: [{ text: 'Heading' }] },
              { type: 'block-quote', children: [{ text: 'Quoted' }] },
              {
                type: 'bulleted-list',
                children: [
                  { type: 'list-item', children: [{ type: 'list-item-child', children: [{ text: 'One' }] }] },
                  {
                    type: 'list-item',
                    children: [{ type: 'list-item-child', children: [{ text: 'Two', bold: true }] }],
                  },
                ],
              },
              {
                type: 'numbered-list',
                children: [
                  { type: 'list-item', children: [{ type: 'list-item-child', children: [{ text: 'First' }] }] },
                  { type: 'list-item', children: [{ type: 'list-item-child', children: [{ text: 'Second' }] }] },
                ],
              },
            ],
          },
          html: '<p>A <strong>bold</strong>, <em>slanted</em> and <code>coded</code> &lt;word&gt; &amp; <a title="a link" href="/pages/terms?a=1&amp;b=2">a link</a></p><h2>Heading</h2><blockquote>Quoted</blockquote><ul><li><div>One</div></li><li><div><strong>Two</strong></div></li></ul><ol><li><div>First</div></li><li><div>Second</div></li></ol>',
          markdown:
            'A **bold**, *slanted* and `coded` <word> & [a link](/pages/terms?a=1&b=2)\n\n## Heading\n\n> Quoted\n\n- One\n- **Two**\n\n1. First\n2. Second',
          text: String.raw`A bold, slanted and coded <word> & a link\nHeading\nQuoted\nOne\nTwo\nFirst\nSecond`,
        },
      },
    ],
  });
});

test('a field with embeds has a type of its own, `json`, and the entries it embeds', async () => {
  const server = await aContentServer({
    dataDir: await withBlocks([
      'Words',
      '{{ProductContent:mug}}',
      '{{Asset:picture}}',
      '{{ProductContent:unpublished}}',
      '{{ProductContent:mug}}',
    ]),
  });
  const { data } = await server.ask(
    '{ blogPost(where: { slug: "p" }) { content { __typename json raw html text references { __typename ... on ProductContent { id handle } ... on Asset { id fileName } } first: references(first: 1) { __typename } } } empty: blogPost(where: { slug: "empty" }) { content { html } } }',
  );
  expect(data).toMatchObject({
    blogPost: {
      content: {
        __typename: 'BlogPostContentRichText',
        json: {
          children: [
            { type: 'paragraph' },
            { type: 'embed', nodeType: 'ProductContent' },
            { nodeType: 'Asset' },
            {},
            {},
          ],
        },
        html: expect.stringMatching(
          /^<p>Words<\/p><div data-gcms-embed-type="ProductContent" data-gcms-embed-id="c[a-z0-9]{24}"><\/div>/,
        ),
        references: [
          { __typename: 'ProductContent', handle: 'mug' },
          { __typename: 'Asset', fileName: 'picture.svg' },
        ],
        first: [{ __typename: 'ProductContent' }],
      },
    },
    empty: { content: null },
  });
});

test.each([
  [{ content: ['{{ProductContent:nothing}}'] }, /BlogPost p, field content: there is no ProductContent named nothing/],
  [{ content: 'one string' }, /BlogPost p, field content/],
  [{ titel: 'P' }, /BlogPost p has a field titel that its model does not have here/],
  [{ title: undefined }, /BlogPost p, field title: it is required/],
])('a wrong content file stops the start with a sentence: %o', async (more, message) => {
  const entry = { key: 'p', createdAt: created, fields: { slug: 'p' }, localizations: { en: { title: 'P', ...more } } };
  const dataDir = await aContentFolder({ BlogPost: [entry] });
  await expect(aContentServer({ dataDir })).rejects.toThrow(message);
});
