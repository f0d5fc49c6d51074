import {
  type ElementType,
  isElement,
  type RichTextDocument,
  type RichTextElement,
  type RichTextNode,
  type TextLeaf,
} from './tree.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

const tags: Readonly<Record<Exclude<ElementType, 'link' | 'embed'>, string>> = {
  paragraph: 'p',
  'heading-one': 'h1',
  'heading-two': 'h2',
  'heading-three': 'h3',
  'heading-four': 'h4',
  'block-quote': 'blockquote',
  'bulleted-list': 'ul',
  'numbered-list': 'ol',
  'list-item': 'li',
  'list-item-child': 'div',
};

export const toHtml = (document: RichTextDocument): string => document.children.map(nodeToHtml).join('');

function nodeToHtml(node: RichTextNode): string {
  if (!isElement(node)) return leafToHtml(node);
  const inner = node.children.map(nodeToHtml).join('');
  if (node.type === 'link')
    return `<a title="${escapeHtml(plain(node))}" href="${escapeHtml(node.href ?? '')}">${inner}</a>`;
  if (node.type === 'embed') {
    return `<div data-gcms-embed-type="${escapeHtml(node.nodeType ?? '')}" data-gcms-embed-id="${escapeHtml(node.nodeId ?? '')}"></div>`;
  }
  return `<${tags[node.type]}>${inner}</${tags[node.type]}>`;
}

function leafToHtml({ text, bold, italic, underline, code }: TextLeaf): string {
  let html = escapeHtml(text);
  if (code) html = `<code>${html}</code>`;
  if (bold) html = `<strong>${html}</strong>`;
  if (italic) html = `<em>${html}</em>`;
  if (underline) html = `<u>${html}</u>`;
  return html;
}

const headingMarks: Partial<Record<ElementType, string>> = {
  'heading-one': '# ',
  'heading-two': '## ',
  'heading-three': '### ',
  'heading-four': '#### ',
  'block-quote': '> ',
};

export const toMarkdown = (document: RichTextDocument): string => document.children.map(blockToMarkdown).join('\n\n');

function blockToMarkdown(block: RichTextElement): string {
  if (block.type === 'embed') return '';
  if (block.type === 'bulleted-list') return block.children.map((item) => `- ${inlineToMarkdown(item)}`).join('\n');
  if (block.type === 'numbered-list')
    return block.children.map((item, n) => `${n + 1}. ${inlineToMarkdown(item)}`).join('\n');
  return `${headingMarks[block.type] ?? ''}${inlineToMarkdown(block)}`;
}

function inlineToMarkdown(node: RichTextNode): string {
  if (isElement(node)) {
    const inner = node.children.map(inlineToMarkdown).join('');
    return node.type === 'link' ? `[${inner}](${node.href ?? ''})` : inner;
  }
  if (node.code) return `\`${node.text}\``;
  if (node.bold) return `**${node.text}**`;
  return node.italic ? `*${node.text}*` : node.text;
}

/** The words alone. Blocks are parted by a backslash and an `n`, which clients of the dialect replace; *inferred*. */
export const toText = (document: RichTextDocument): string => document.children.map(plainBlock).join('\\n');

const plainBlock = (block: RichTextElement): string =>
  block.type === 'bulleted-list' || block.type === 'numbered-list'
    ? block.children.map(plain).join('\\n')
    : plain(block);

const plain = (node: RichTextNode): string => (isElement(node) ? node.children.map(plain).join('') : node.text);
