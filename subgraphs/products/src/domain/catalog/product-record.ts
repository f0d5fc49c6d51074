import type { MediaState, ProductStatus, WeightUnit } from '../../generated/prisma/enums.ts';
import type { CategoryRecord } from './category-record.ts';

/** What hangs off a product and is read only when somebody wants it. */
export type ProductPart = 'options' | 'variants' | 'media' | 'categories' | 'collections' | 'priceRanges';

export interface ProductRecord {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  readonly description: string | null;
  readonly vendor: string | null;
  readonly tags: string[];
  readonly status: ProductStatus;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly options?: OptionRecord[];
  readonly variants?: VariantRecord[];
  readonly media?: MediaRecord[];
  readonly categories?: CategoryRecord[];
  readonly collections?: CollectionRecord[];
  readonly priceRanges?: PriceRangeRecord[];
}

/** A product with everything that hangs off it. */
export type WholeProduct = ProductRecord & Required<Pick<ProductRecord, ProductPart>>;

export interface OptionRecord {
  readonly name: string;
  readonly values: string[];
}

export interface VariantRecord {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly title: string;
  readonly barcode: string | null;
  readonly weight: { readonly value: number; readonly unit: WeightUnit } | null;
  readonly weightInGrams: number | null;
  /** Millimetres. */
  readonly dimensions: { readonly length: number; readonly width: number; readonly height: number } | null;
  readonly taxClass: string | null;
  readonly openingStockTold: boolean;
  readonly prices: PriceRecord[];
  readonly selectedOptions: { name: string; value: string }[];
}

/** Amounts in minor units. */
export interface PriceRecord {
  readonly currency: string;
  readonly amount: bigint;
  readonly compareAt: bigint | null;
}

/** Amounts in minor units. */
export interface PriceRangeRecord {
  readonly currency: string;
  readonly min: bigint;
  readonly max: bigint;
}

export interface MediaRecord {
  readonly state: MediaState;
  readonly sourceUrl: string | null;
  /** Null until the picture is in our storage. */
  readonly fileKey: string | null;
  readonly altText: string | null;
  readonly width: number | null;
  readonly height: number | null;
}

export interface CollectionRecord {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
}
