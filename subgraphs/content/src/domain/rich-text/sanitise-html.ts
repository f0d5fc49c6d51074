import type { Element, ElementContent, Root, RootContent } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { type Schema, sanitize } from 'hast-util-sanitize';
import { toHtml } from 'hast-util-to-html';
import { type Embeds, noEmbeds } from './embeds.ts';
import { isSafeUrl } from './safe-url.ts';

const words = (text: string): string[] => text.split(' ');

/** What may be left of an editor's HTML. No classes, styles and ids: the shop's pages decide how they look. */
const allowed: Schema = {
  tagNames: [
    ...words('p h1 h2 h3 h4 h5 h6 blockquote ul ol li div span a strong b em i u s sub sup code pre br hr'),
    ...words('img figure figcaption table thead tbody tfoot tr th td'),
  ],
  attributes: {
    a: ['href', 'title', ['target', '_blank'], ['rel', 'noopener', 'noreferrer', 'nofollow']],
    img: ['src', 'alt', 'title', 'width', 'height', ['loading', 'lazy']],
    div: ['dataProductHandle'],
    span: ['dataProductHandle'],
    td: ['colSpan', 'rowSpan'],
    th: ['colSpan', 'rowSpan'],
  },
  protocols: { href: ['http', 'https', 'mailto', 'tel'], src: ['http', 'https'] },
  strip: words('script style template noscript noembed noframes iframe object svg math title textarea select xmp'),
  ancestors: {},
};

/** HTML that does nothing but show: parsed as a browser parses it, cut down to what is allowed, and written anew. */
export function sanitiseHtml(html: string, embeds: Embeds = noEmbeds): string {
  const tree = fromHtml(html, { fragment: true });
  const clean = sanitize({ ...tree, children: tree.children.map((node) => withEmbeds(node, embeds)) }, allowed);
  dropUnsafeLinks(clean.type === 'root' ? clean : { type: 'root', children: [] });
  return toHtml(clean);
}

/** Puts what is embedded where the text refers to it; what cannot be shown leaves an empty element. */
function withEmbeds<Node extends RootContent | ElementContent>(node: Node, embeds: Embeds): Node | Element {
  if (node.type !== 'element') return node;
  const id = node.properties.dataGcmsEmbedId;
  const { dataProductHandle: _ours, ...properties } = node.properties;
  const element: Element = { ...node, properties, children: node.children.map((child) => withEmbeds(child, embeds)) };
  const embed = typeof id === 'string' ? embeds.get(id) : undefined;
  if (!embed) return element;
  if (embed.kind === 'product') {
    return { ...element, properties: { dataProductHandle: embed.handle }, children: [] };
  }
  const { url, altText, width, height } = embed.picture;
  const image: Element = {
    type: 'element',
    tagName: 'img',
    properties: {
      src: url,
      alt: altText ?? '',
      ...(width === null ? {} : { width }),
      ...(height === null ? {} : { height }),
      loading: 'lazy',
    },
    children: [],
  };
  return element.tagName === 'div' ? { type: 'element', tagName: 'figure', properties: {}, children: [image] } : image;
}

/** The schema knows schemes as they are written; this reads addresses as a browser does. */
function dropUnsafeLinks(parent: Root | Element): void {
  for (const node of parent.children) {
    if (node.type !== 'element') continue;
    for (const name of ['href', 'src'] as const) {
      const address = node.properties[name];
      if (typeof address === 'string' && !isSafeUrl(address)) delete node.properties[name];
    }
    dropUnsafeLinks(node);
  }
}
