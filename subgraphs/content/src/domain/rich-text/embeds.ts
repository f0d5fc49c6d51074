import type { Picture } from '../images/picture.ts';

/** An entry that an article shows between its paragraphs. */
export type Embed =
  | { readonly kind: 'picture'; readonly picture: Picture }
  | { readonly kind: 'product'; readonly handle: string };

/** By the id that the text refers to them with. */
export type Embeds = ReadonlyMap<string, Embed>;

export const noEmbeds: Embeds = new Map();
