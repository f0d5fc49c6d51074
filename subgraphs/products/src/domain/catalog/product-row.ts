import type { WeightUnit } from '../../generated/prisma/enums.ts';
import type { PriceRangeRecord, ProductRecord, VariantRecord } from './product-record.ts';

/** A variant as `variantJson` writes it. */
export interface VariantRow
  extends Pick<
    VariantRecord,
    'id' | 'productId' | 'sku' | 'title' | 'barcode' | 'weightInGrams' | 'taxClass' | 'openingStockTold'
  > {
  weightValue: number | null;
  weightUnit: WeightUnit | null;
  lengthInMm: number | null;
  widthInMm: number | null;
  heightInMm: number | null;
  prices: { currency: string; amount: string; compareAt: string | null }[];
  selectedOptions: { name: string; value: string }[];
}

/** A product as `productSelection` reads it. */
export interface ProductRow extends Omit<ProductRecord, 'variants' | 'priceRanges'> {
  variants?: VariantRow[];
  priceRanges?: { currency: string; min: string; max: string }[];
}

export function toVariant(row: VariantRow): VariantRecord {
  const { weightValue, weightUnit, lengthInMm, widthInMm, heightInMm, prices, ...same } = row;
  return {
    ...same,
    weight: weightValue !== null && weightUnit !== null ? { value: weightValue, unit: weightUnit } : null,
    dimensions:
      lengthInMm !== null && widthInMm !== null && heightInMm !== null
        ? { length: lengthInMm, width: widthInMm, height: heightInMm }
        : null,
    prices: prices.map(({ currency, amount, compareAt }) => ({
      currency,
      amount: BigInt(amount),
      compareAt: compareAt === null ? null : BigInt(compareAt),
    })),
  };
}

export function toProduct({ variants, priceRanges, ...same }: ProductRow): ProductRecord {
  return {
    ...same,
    ...(variants && { variants: variants.map(toVariant) }),
    ...(priceRanges && { priceRanges: priceRanges.map(toRange) }),
  };
}

const toRange = ({ currency, min, max }: { currency: string; min: string; max: string }): PriceRangeRecord => ({
  currency,
  min: BigInt(min),
  max: BigInt(max),
});
