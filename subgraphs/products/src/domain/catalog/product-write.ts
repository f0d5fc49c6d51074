import type { ProductDraft, VariantDraft } from './product-draft.ts';
import { toGrams } from './weight.ts';

/** A product to write: a new one, or what a stored one is to become. */
export interface ProductWrite {
  readonly id: string;
  readonly isNew: boolean;
  readonly draft: ProductDraft;
}

/** Ids of categories by handle; every category of a draft must be among them. */
export type CategoryIds = ReadonlyMap<string, string>;

/** @throws when the id was not looked up before */
export function known(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`${key} was to be known by now.`);
  return id;
}

export const gramsOf = ({ weight }: VariantDraft) => (weight === null ? null : toGrams(weight));
