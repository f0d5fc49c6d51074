import { askData } from '@mercato/testkit';
import { describe, expect, test } from 'vitest';
import { cleanTree } from '../src/domain/rich-text/clean-tree.ts';
import type { Embed } from '../src/domain/rich-text/embeds.ts';
import { isSafeUrl } from '../src/domain/rich-text/safe-url.ts';
import { sanitiseHtml } from '../src/domain/rich-text/sanitise-html.ts';
import { aCms, aContentFolder, anEntry, aServer, aSubgraph } from './a-content-subgraph.ts';

describe('HTML keeps what shows', () => {
  test.each([
    '<p>Plain <strong>bold</strong> <em>slanted</em> <u>under</u> <code>a &#x3C; b</code></p>',
    '<h2>Heading</h2><ul><li>One</li><li>Two</li></ul><blockquote>Said</blockquote>',
    '<a href="https://example.com/a?b=1&#x26;c=2" title="There">there</a><a href="/blog/tea">here</a><a href="#top">up</a>',
    '<a href="mailto:help@example.com">mail</a><a href="tel:+491234">call</a>',
    '<table><tbody><tr><td colspan="2">cell</td></tr></tbody></table>',
    '<img src="https://media.example/cup.png" alt="A cup" width="3" height="2">',
  ])('%s', (html) => expect(sanitiseHtml(html)).toBe(html));
});

describe('HTML loses what acts', () => {
  test.each([
    ['<p>a<script>alert(1)</script>b</p>', '<p>ab</p>'],
    ['<p onclick="alert(1)" style="position:fixed" class="modal" id="cart">a</p>', '<p>a</p>'],
    ['<img src=x onerror=alert(1)>', '<img src="x">'],
    ['<a href="javascript:alert(1)">a</a>', '<a>a</a>'],
    ['<a href=" java\tscript:alert(1)">a</a>', '<a>a</a>'],
    ['<a href="&#106;avascript&colon;alert(1)">a</a>', '<a>a</a>'],
    ['<a href="\u0001javascript:alert(1)">a</a>', '<a>a</a>'],
    ['<a href="data:text/html,<script>alert(1)</script>">a</a>', '<a>a</a>'],
    ['<a href="vbscript:x">a</a>', '<a>a</a>'],
    ['<img src="data:image/svg+xml,<svg onload=alert(1)>">', '<img>'],
    ['<svg><script>alert(1)</script></svg>b', 'b'],
    ['<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>', ''],
    ['<iframe src="https://example.com"></iframe>b', 'b'],
    ['<form action="/logout"><input name="a"><button>Go</button></form>', 'Go'],
    ['<base href="https://evil.example"><link rel="stylesheet" href="x"><meta http-equiv="refresh" content="0">b', 'b'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript></p></noscript>b', 'b'],
    ['<textarea></textarea><img src=x onerror=alert(1)>', '<img src="x">'],
    ['<!--><img src=x onerror=alert(1)>-->b', '<img src="x">-->b'],
    ['<p>not closed', '<p>not closed</p>'],
    ['<a href="/x" target="_blank" rel="noopener opener">a</a>', '<a href="/x" target="_blank" rel="noopener">a</a>'],
    ['<div data-product-handle="forged" data-gcms-embed-id="nobody"></div>', '<div></div>'],
  ])('%s', (html, expected) => {
    const clean = sanitiseHtml(html);
    expect(clean).toBe(expected);
    // Reading it again changes nothing: what was written is what a browser will read.
    expect(sanitiseHtml(clean)).toBe(clean);
  });
});

test.each([
  ['/blog/tea', true],
  ['tea', true],
  ['?q=1', true],
  ['#top', true],
  ['https://example.com', true],
  ['//example.com/x', true],
  ['mailto:a@example.com', true],
  ['JavaScript:alert(1)', false],
  ['\njavascript:alert(1)', false],
  ['java\nscript:alert(1)', false],
  ['data:text/html,x', false],
  ['file:///etc/passwd', false],
  ['https://', false],
])('an editor’s address %j leads somewhere safe: %s', (address, safe) => expect(isSafeUrl(address)).toBe(safe));

const picture = { handle: 'cup', url: 'https://media.example/cup', altText: 'A "cup"', width: 3, height: null };
const embeds = new Map<string, Embed>([
  ['a1', { kind: 'picture', picture }],
  ['p1', { kind: 'product', handle: 'stoneware-mug' }],
]);

test('embedded pictures and products stand where the text refers to them', () => {
  const html =
    '<p>x</p><div data-gcms-embed="true" data-gcms-embed-type="Asset" data-gcms-embed-id="a1"></div>' +
    '<p><span data-gcms-embed-inline="true" data-gcms-embed-id="a1"></span></p>' +
    '<div data-gcms-embed-id="p1">x</div><div data-gcms-embed-id="gone"></div>';
  const image = '<img src="https://media.example/cup" alt="A &#x22;cup&#x22;" width="3" loading="lazy">';
  expect(sanitiseHtml(html, embeds)).toBe(
    `<p>x</p><figure>${image}</figure><p>${image}</p><div data-product-handle="stoneware-mug"></div><div></div>`,
  );
});

test('the editor’s tree keeps its form, without dangerous addresses, and knows what it embeds', () => {
  const tree = {
    children: [
      {
        type: 'paragraph',
        children: [
          { text: 'a', bold: true },
          { type: 'link', href: 'javascript:alert(1)', children: [{ text: 'b' }] },
        ],
      },
      { type: 'link', href: '/terms', openInNewTab: true, children: [{ text: 'c' }] },
      { type: 'iframe', url: 'data:text/html,x', children: [{ text: '' }] },
      { type: 'embed', nodeId: 'p1', nodeType: 'ProductContent', children: [{ text: '' }] },
      { type: 'embed', nodeId: 'a1', nodeType: 'Asset', children: [{ text: '' }] },
    ],
  };
  const before = structuredClone(tree);
  expect(cleanTree(tree, embeds)).toEqual({
    children: [
      {
        type: 'paragraph',
        children: [
          { text: 'a', bold: true },
          { type: 'link', children: [{ text: 'b' }] },
        ],
      },
      { type: 'link', href: '/terms', openInNewTab: true, children: [{ text: 'c' }] },
      { type: 'iframe', children: [{ text: '' }] },
      { ...tree.children[3], product: { handle: 'stoneware-mug' } },
      { ...tree.children[4], picture: { url: picture.url, altText: picture.altText, width: 3, height: null } },
    ],
  });
  expect(tree).toEqual(before);
});

test('a tree of any depth is read', () => {
  let tree: unknown = { text: 'deep' };
  for (let n = 0; n < 20_000; n += 1) tree = { type: 'list', children: [tree] };
  expect(JSON.stringify(cleanTree(tree))).not.toContain('deep');
});

test('hostile text of the CMS arrives harmless', async () => {
  const entry = {
    id: '1',
    slug: 'terms',
    locale: 'en',
    title: '<b>Terms</b>',
    seo: null,
    body: {
      html: '<p>Hi<img src=x onerror=alert(1)></p><script>steal()</script>',
      text: 'One\\nTwo',
      raw: { children: [{ type: 'link', href: 'javascript:x', children: [] }] },
    },
  };
  const endpoint = await aServer((_request, response) => response.end(JSON.stringify({ data: { entries: [entry] } })));
  const { page } = await askData<{ page: unknown }>(
    await aSubgraph(endpoint),
    '{ page(slug: "terms") { title body { html text raw } } }',
  );
  expect(page).toEqual({
    title: '<b>Terms</b>',
    body: { html: '<p>Hi<img src="x"></p>', text: 'One\nTwo', raw: { children: [{ type: 'link', children: [] }] } },
  });
});

test('menus and banners lead nowhere dangerous', async () => {
  const link = (url: string) => ({ label: url, url });
  const dataDir = await aContentFolder({
    Navigation: [
      anEntry('main', {
        fields: { key: 'main' },
        en: {
          items: [
            { ...link('/a'), children: [link('javascript:alert(1)'), link('/b')] },
            { ...link('data:x'), children: [] },
          ],
        },
      }),
    ],
    Banner: [anEntry('home', { fields: { placement: 'home', link: 'javascript:alert(1)' }, en: { headline: 'Look' } })],
  });
  const subgraph = await aSubgraph((await aCms({ dataDir })).url);
  const answer = await askData(
    subgraph,
    '{ navigation(key: "main") { items { url children { url children { url } } } } banners(placement: "home") { headline link } }',
  );
  expect(answer).toEqual({
    navigation: { items: [{ url: '/a', children: [{ url: '/b', children: [] }] }] },
    banners: [{ headline: 'Look', link: null }],
  });
});
