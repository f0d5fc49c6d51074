/** The editor's tree: blocks hold inlines, inlines hold leaves of text with marks. */

export interface TextLeaf {
  text: string;
  bold?: true;
  italic?: true;
  underline?: true;
  code?: true;
}

export type ElementType =
  | 'paragraph'
  | 'heading-one'
  | 'heading-two'
  | 'heading-three'
  | 'heading-four'
  | 'block-quote'
  | 'bulleted-list'
  | 'numbered-list'
  | 'list-item'
  | 'list-item-child'
  | 'link'
  | 'embed';

export interface RichTextElement {
  type: ElementType;
  children: readonly RichTextNode[];
  /** Of a link. */
  href?: string;
  /** Of a link. */
  openInNewTab?: boolean;
  /** Of an embed: id and model of the entry. */
  nodeId?: string;
  nodeType?: string;
}

export type RichTextNode = TextLeaf | RichTextElement;

export interface RichTextDocument {
  children: readonly RichTextElement[];
}

export const isElement = (node: RichTextNode): node is RichTextElement => 'type' in node;

export interface Reference {
  nodeId: string;
  nodeType: string;
}

/** Entries the text embeds, in the order of their first appearance. */
export function referencesIn(document: RichTextDocument): Reference[] {
  const found = new Map<string, Reference>();
  const visit = (node: RichTextNode): void => {
    if (!isElement(node)) return;
    const { nodeId, nodeType } = node;
    if (nodeId !== undefined && nodeType !== undefined) found.set(nodeId, { nodeId, nodeType });
    node.children.forEach(visit);
  };
  document.children.forEach(visit);
  return [...found.values()];
}
