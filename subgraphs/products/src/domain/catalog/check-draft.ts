import { checkOptions } from './check-options.ts';
import { checkText, hasControls } from './check-text.ts';
import { duplicates, type Problem } from './problem.ts';
import type { ProductDraft, VariantDraft } from './product-draft.ts';
import { handleRule, isHandle } from './slug.ts';
import { toGrams } from './weight.ts';

export const limits = {
  title: 255,
  description: 50_000,
  vendor: 255,
  tags: 250,
  sku: 255,
  barcode: 64,
  taxClass: 64,
  altText: 1_000,
  url: 2_048,
  category: 255,
  categories: 50,
  variants: 250,
  media: 50,
  weightInGrams: 10_000_000,
} as const;

/** Every rule that holds for a product by itself; none of them needs the database. */
export function checkDraft(draft: ProductDraft): Problem[] {
  return [
    ...(isHandle(draft.handle) ? [] : [{ path: ['handle'], message: handleRule }]),
    ...checkText(['title'], draft.title, limits.title, 'required'),
    ...checkText(['description'], draft.description, limits.description),
    ...checkText(['vendor'], draft.vendor, limits.vendor),
    ...atMost(['tags'], draft.tags, limits.tags),
    ...draft.tags.flatMap((tag, index) => checkText(['tags', String(index)], tag, limits.vendor, 'required')),
    ...atMost(['categories'], draft.categories, limits.categories),
    ...draft.categories.flatMap((handle, index) => checkText(['categories', String(index)], handle, limits.category)),
    ...duplicates(draft.categories).map((index) => ({
      path: ['categories', String(index)],
      message: 'is named twice; leave one out',
    })),
    ...atMost(['variants'], draft.variants, limits.variants),
    ...(draft.variants.length === 0 ? [{ path: ['variants'], message: 'must hold at least one variant' }] : []),
    ...checkOptions(draft),
    ...draft.variants.flatMap((variant, index) => checkVariant(variant, ['variants', String(index)])),
    ...duplicates(draft.variants.map(({ sku }) => sku)).map((index) => ({
      path: ['variants', String(index), 'sku'],
      message: 'is the sku of another variant of this product; give each its own',
    })),
    ...atMost(['media'], draft.media, limits.media),
    ...draft.media.flatMap(({ sourceUrl, altText }, index) => [
      ...(sourceUrl === null ? [] : checkUrl(sourceUrl, ['media', String(index), 'url'])),
      ...checkText(['media', String(index), 'altText'], altText, limits.altText),
    ]),
  ];
}

function checkVariant(variant: VariantDraft, path: string[]): Problem[] {
  const { sku, prices, barcode, weight, dimensions, taxClass } = variant;
  return [
    ...checkText([...path, 'sku'], sku, limits.sku, 'required'),
    ...(sku.trim() === sku ? [] : [{ path: [...path, 'sku'], message: 'must not begin or end with a space' }]),
    ...(prices.length === 0 ? [{ path: [...path, 'price'], message: 'is missing' }] : []),
    ...prices.flatMap(({ amount, compareAt }) => [
      ...notNegative([...path, 'price'], amount),
      ...(compareAt === null ? [] : notNegative([...path, 'compareAtPrice'], compareAt)),
    ]),
    ...checkText([...path, 'barcode'], barcode, limits.barcode),
    ...checkText([...path, 'taxClass'], taxClass, limits.taxClass),
    ...(weight === null || (weight.value >= 0 && toGrams(weight) <= limits.weightInGrams)
      ? []
      : [{ path: [...path, 'weight'], message: `must be from 0 to ${limits.weightInGrams} grams` }]),
    ...(dimensions === null || Object.values(dimensions).every((side) => Number.isFinite(side) && side >= 0)
      ? []
      : [{ path: [...path, 'dimensions'], message: 'must be three numbers that are not negative' }]),
  ];
}

const notNegative = (path: string[], amount: bigint): Problem[] =>
  amount < 0n ? [{ path, message: 'must not be negative' }] : [];

function checkUrl(url: string, path: string[]): Problem[] {
  const fine =
    url.length <= limits.url && !hasControls(url) && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return fine ? [] : [{ path, message: 'must be an address that begins with http:// or https://' }];
}

const atMost = (path: string[], list: readonly unknown[], most: number): Problem[] =>
  list.length > most ? [{ path, message: `must hold at most ${most} entries, not ${list.length}` }] : [];
