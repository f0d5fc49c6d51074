import type { ElementType, RichTextDocument, RichTextElement, RichTextNode, TextLeaf } from './tree.ts';

/** Finds the id of an entry that a text embeds, by model and the name it has in the content files. */
export type FindEmbedded = (model: string, key: string) => string;

const headings: Readonly<Record<string, ElementType>> = {
  '#': 'heading-one',
  '##': 'heading-two',
  '###': 'heading-three',
  '####': 'heading-four',
};

/**
 * Reads the Markdown that content files are written in, one string a block: headings, paragraphs, `> ` quotes, lists
 * (one string with lines that begin `- ` or `1. `), `**bold**`, `*italic*`, `` `code` ``, `[label](href)`, and
 * `{{Model:key}}` alone in a block, an embedded entry.
 */
export const fromMarkdown = (blocks: readonly string[], findEmbedded: FindEmbedded): RichTextDocument => ({
  children: blocks.map((block) => readBlock(block, findEmbedded)),
});

function readBlock(block: string, findEmbedded: FindEmbedded): RichTextElement {
  const embed = /^\{\{(\w+):([\w-]+)\}\}$/.exec(block);
  if (embed?.[1] && embed[2]) {
    return { type: 'embed', nodeId: findEmbedded(embed[1], embed[2]), nodeType: embed[1], children: [{ text: '' }] };
  }
  const heading = /^(#{1,4}) (.+)$/.exec(block);
  const level = heading?.[1] ? headings[heading[1]] : undefined;
  if (level && heading?.[2]) return { type: level, children: readInline(heading[2]) };
  if (block.startsWith('> ')) return { type: 'block-quote', children: readInline(block.slice(2)) };
  if (block.startsWith('- ')) return readList('bulleted-list', block, /^- /);
  if (/^\d+\. /.test(block)) return readList('numbered-list', block, /^\d+\. /);
  return { type: 'paragraph', children: readInline(block) };
}

const readList = (type: ElementType, block: string, mark: RegExp): RichTextElement => ({
  type,
  children: block.split('\n').map((line) => ({
    type: 'list-item' as const,
    children: [{ type: 'list-item-child' as const, children: readInline(line.replace(mark, '')) }],
  })),
});

const inline = /\*\*(?<bold>[^*]+)\*\*|\*(?<italic>[^*]+)\*|`(?<code>[^`]+)`|\[(?<label>[^\]]+)\]\((?<href>[^)\s]+)\)/g;

function readInline(text: string): RichTextNode[] {
  const nodes: RichTextNode[] = [];
  let end = 0;
  for (const match of text.matchAll(inline)) {
    if (match.index > end) nodes.push({ text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    nodes.push(readMark(match.groups ?? {}));
  }
  if (end < text.length || nodes.length === 0) nodes.push({ text: text.slice(end) });
  return withTextAround(nodes);
}

function readMark({ bold, italic, code, label, href }: Partial<Record<string, string>>): RichTextNode {
  if (label !== undefined && href !== undefined) return { type: 'link', href, children: [{ text: label }] };
  if (bold !== undefined) return { text: bold, bold: true };
  if (italic !== undefined) return { text: italic, italic: true };
  return { text: code ?? '', code: true };
}

/** The editor keeps a leaf of text before and after every link, if need be an empty one. */
function withTextAround(nodes: readonly RichTextNode[]): RichTextNode[] {
  const empty: TextLeaf = { text: '' };
  const padded: RichTextNode[] = [];
  for (const node of nodes) {
    const before = padded.at(-1);
    if ('type' in node && (before === undefined || 'type' in before)) padded.push(empty);
    padded.push(node);
  }
  const last = padded.at(-1);
  if (last && 'type' in last) padded.push(empty);
  return padded;
}
