import type { ProductStatus } from '../../generated/prisma/enums.ts';
import type { OptionRecord, PriceRecord, WholeProduct } from './product-record.ts';
import type { Weight } from './weight.ts';

/** A product as it is to be, whoever says so: a call, an import, the seed. */
export interface ProductDraft {
  readonly handle: string;
  readonly title: string;
  readonly description: string | null;
  readonly vendor: string | null;
  readonly status: ProductStatus;
  readonly tags: string[];
  /** Handles, the main one first. */
  readonly categories: string[];
  readonly options: OptionRecord[];
  readonly variants: VariantDraft[];
  readonly media: MediaDraft[];
}

export interface VariantDraft {
  readonly sku: string;
  readonly prices: PriceRecord[];
  /** In the order of the options. */
  readonly selectedOptions: SelectedOption[];
  readonly barcode: string | null;
  readonly weight: Weight | null;
  /** Millimetres. */
  readonly dimensions: { readonly length: number; readonly width: number; readonly height: number } | null;
  readonly taxClass: string | null;
}

export interface SelectedOption {
  readonly name: string;
  readonly value: string;
}

export interface MediaDraft {
  /** Where to fetch it from; null for a picture that is in our storage already. */
  readonly sourceUrl: string | null;
  readonly altText: string | null;
  readonly stored: StoredPicture | null;
}

export interface StoredPicture {
  readonly fileKey: string;
  readonly width: number | null;
  readonly height: number | null;
}

export const standardTaxClass = 'standard';

/** What tells a variant from its siblings; an only one bears the product's title. */
export const variantTitle = (product: Pick<ProductDraft, 'title'>, variant: Pick<VariantDraft, 'selectedOptions'>) =>
  variant.selectedOptions.length === 0 ? product.title : variant.selectedOptions.map(({ value }) => value).join(' / ');

/** A stored product in the form of a draft, to be compared with one or to make the next one of. */
export const draftOf = (product: WholeProduct): ProductDraft => ({
  handle: product.handle,
  title: product.title,
  description: product.description,
  vendor: product.vendor,
  status: product.status,
  tags: [...product.tags],
  categories: product.categories.map(({ handle }) => handle),
  options: product.options.map(({ name, values }) => ({ name, values: [...values] })),
  variants: product.variants.map(({ sku, prices, selectedOptions, barcode, weight, dimensions, taxClass }) => ({
    sku,
    prices,
    selectedOptions,
    barcode,
    weight,
    dimensions,
    taxClass,
  })),
  media: product.media.map(({ sourceUrl, altText, fileKey, width, height }) => ({
    sourceUrl,
    altText,
    stored: fileKey === null ? null : { fileKey, width, height },
  })),
});
