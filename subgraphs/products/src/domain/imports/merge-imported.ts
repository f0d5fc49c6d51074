import { createHash } from 'node:crypto';
import {
  draftOf,
  type MediaDraft,
  type ProductDraft,
  type SelectedOption,
  standardTaxClass,
  type VariantDraft,
} from '../catalog/product-draft.ts';
import type { OptionRecord, WholeProduct } from '../catalog/product-record.ts';
import { slug } from '../catalog/slug.ts';
import type { ImportedProduct, ImportedVariant } from './imported-product.ts';

/**
 * The product as it is after the import: what the file says, over what is stored. Its variants are those of the file,
 * in its order, then those the file does not name, which stay.
 */
export function mergeImported(imported: ImportedProduct, stored: WholeProduct | null): ProductDraft {
  const base = stored ? draftOf(stored) : emptyDraft(imported.handle);
  const named = imported.variants.map((variant) => mergeVariant(variant, imported, base));
  const skus = new Set(named.map(({ sku }) => sku));
  const variants = [...named, ...base.variants.filter(({ sku }) => !skus.has(sku))];
  return {
    ...base,
    ...imported.fields,
    options: mergeOptions(imported, base, variants),
    variants,
    media: imported.media ? imported.media.map(({ draft }) => keepFetched(draft, base.media)) : base.media,
  };
}

/** What no status says is on sale, as with Shopify. */
const emptyDraft = (handle: string): ProductDraft => ({
  handle,
  title: '',
  description: null,
  vendor: null,
  status: 'ACTIVE',
  tags: [],
  categories: [],
  options: [],
  variants: [],
  media: [],
});

function mergeVariant(
  variant: ImportedVariant,
  { handle, optionNames }: ImportedProduct,
  base: ProductDraft,
): VariantDraft {
  const sku = variant.sku ?? skuOf(handle, variant.selectedOptions, base);
  const known = base.variants.find((each) => each.sku === sku);
  const elsewhere = known?.prices.filter(
    ({ currency }) => !variant.prices.some((price) => price.currency === currency),
  );
  return {
    barcode: known?.barcode ?? null,
    weight: known?.weight ?? null,
    dimensions: known?.dimensions ?? null,
    taxClass: known ? known.taxClass : standardTaxClass,
    ...variant.fields,
    sku,
    selectedOptions: optionNames === null ? (known?.selectedOptions ?? []) : variant.selectedOptions,
    prices: [...variant.prices, ...(elsewhere ?? [])].sort((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
}

/**
 * The sku of a row that leaves it blank: that of the stored variant with the same values, or else made of the handle
 * and the values, so that the same file gives the same sku again.
 */
function skuOf(handle: string, selected: SelectedOption[], base: ProductDraft): string {
  const values = JSON.stringify(selected);
  const known = base.variants.find(({ selectedOptions }) => JSON.stringify(selectedOptions) === values);
  return known?.sku ?? [handle, ...selected.map(({ value }) => slug(value) || digest(value))].join('-');
}

/** Stands for a value of which no letter fits into an address, such as one in Chinese. */
const digest = (value: string) => createHash('sha256').update(value).digest('hex').slice(0, 8);

function mergeOptions(
  imported: ImportedProduct,
  base: ProductDraft,
  variants: readonly VariantDraft[],
): OptionRecord[] {
  if (imported.optionNames === null) return base.options;
  return imported.optionNames.map((name, index) => {
    const used = variants.flatMap(({ selectedOptions }) =>
      selectedOptions.filter((selected) => selected.name === name).map(({ value }) => value),
    );
    // A mistake within the given values has to be seen by the check, so these are not tidied.
    const given = imported.optionValues?.[index] ?? [...new Set(used)];
    const unnamed = base.variants.flatMap(({ selectedOptions }) =>
      selectedOptions.filter((selected) => selected.name === name).map(({ value }) => value),
    );
    const staying = new Set(unnamed.filter((value) => used.includes(value) && !given.includes(value)));
    return { name, values: [...given, ...staying] };
  });
}

/** A picture that was fetched from the same address before is not fetched again. */
const keepFetched = (draft: MediaDraft, before: readonly MediaDraft[]): MediaDraft =>
  draft.stored === null && draft.sourceUrl !== null
    ? { ...draft, stored: before.find(({ sourceUrl }) => sourceUrl === draft.sourceUrl)?.stored ?? null }
    : draft;
