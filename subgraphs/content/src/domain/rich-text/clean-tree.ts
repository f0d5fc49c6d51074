import { type Embeds, noEmbeds } from './embeds.ts';
import { isSafeUrl } from './safe-url.ts';

/** Deeper than any editor's text: lists within tables within quotes come to about ten. */
const deepest = 60;

const addresses = new Set(['href', 'src', 'url']);

/**
 * The editor's tree without addresses that could run something, for those who render it themselves. Nodes that embed
 * an entry get what it is: `picture`, or the handle of the `product`.
 */
export function cleanTree(node: unknown, embeds: Embeds = noEmbeds, depth = 0): unknown {
  if (Array.isArray(node)) return depth > deepest ? [] : node.map((child) => cleanTree(child, embeds, depth + 1));
  if (typeof node !== 'object' || node === null) return node;
  const clean = Object.entries(node)
    .filter(([name, value]) => !(addresses.has(name) && typeof value === 'string' && !isSafeUrl(value)))
    .map(([name, value]) => [name, cleanTree(value, embeds, depth + 1)]);
  return { ...Object.fromEntries(clean), ...embedded(node, embeds) };
}

function embedded(node: object, embeds: Embeds): object {
  const embed = 'nodeId' in node && typeof node.nodeId === 'string' ? embeds.get(node.nodeId) : undefined;
  if (!embed) return {};
  if (embed.kind === 'product') return { product: { handle: embed.handle } };
  const { url, altText, width, height } = embed.picture;
  return { picture: { url, altText, width, height } };
}
