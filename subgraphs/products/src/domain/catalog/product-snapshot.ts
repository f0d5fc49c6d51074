import { type OutboxTransaction, recordEvents } from '@mercato/outbox';
import { type ProductSnapshot, productCreated, productUpdated } from '../../events/index.ts';
import type { Reader } from '../database.ts';
import type { ProductRecord, VariantRecord } from './product-record.ts';
import { readWholeProducts } from './read-products.ts';

/** What others hear of a product. */
export interface ToldProduct extends Pick<ProductRecord, 'id' | 'handle' | 'title' | 'status' | 'version'> {
  readonly variants: readonly Pick<VariantRecord, 'id' | 'sku' | 'title' | 'prices' | 'weightInGrams' | 'taxClass'>[];
}

/** Tells others of products that were read or written in this transaction, each as it is now. */
export async function tell(
  tx: OutboxTransaction,
  { created, updated }: { created: readonly ToldProduct[]; updated: readonly ToldProduct[] },
): Promise<void> {
  await recordEvents(tx, productCreated, created.map(eventOf));
  await recordEvents(tx, productUpdated, updated.map(eventOf));
}

/** Reads these products as they are now, and tells others of them, within the transaction that changed them. */
export async function tellOf(
  tx: Reader & OutboxTransaction,
  { created, updated }: { created: readonly string[]; updated: readonly string[] },
): Promise<void> {
  const products = await readWholeProducts(tx, 'id', [...created, ...updated]);
  const isNew = new Set(created);
  await tell(tx, {
    created: products.filter(({ id }) => isNew.has(id)),
    updated: products.filter(({ id }) => !isNew.has(id)),
  });
}

const eventOf = (product: ToldProduct) => ({
  aggregateId: product.id,
  version: product.version,
  payload: snapshotOf(product),
});

const snapshotOf = ({ id, handle, title, status, variants }: ToldProduct): ProductSnapshot => ({
  productId: id,
  handle,
  title,
  status,
  variants: variants.map((variant) => ({
    variantId: variant.id,
    sku: variant.sku,
    title: variant.title,
    prices: variant.prices.map(({ amount, currency }) => ({ amount: String(amount), currency })),
    compareAtPrices: variant.prices.flatMap(({ compareAt, currency }) =>
      compareAt === null ? [] : [{ amount: String(compareAt), currency }],
    ),
    weightInGrams: variant.weightInGrams,
    taxClass: variant.taxClass,
  })),
});
