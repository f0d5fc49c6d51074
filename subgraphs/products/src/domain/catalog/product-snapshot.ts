import { type OutboxTransaction, recordEvents } from '@mercato/outbox';
import { type ProductSnapshot, productCreated, productUpdated } from '../../events/index.ts';
import type { Reader } from '../database.ts';
import type { WholeProduct } from './product-record.ts';
import { readWholeProducts } from './read-products.ts';

/** Tells others of these products as they are now, within the transaction that changed them. */
export async function tellOf(
  tx: Reader & OutboxTransaction,
  { created, updated }: { created: readonly string[]; updated: readonly string[] },
): Promise<WholeProduct[]> {
  const products = await readWholeProducts(tx, 'id', [...created, ...updated]);
  const isNew = new Set(created);
  const eventOf = (product: WholeProduct) => ({
    aggregateId: product.id,
    version: product.version,
    payload: snapshotOf(product),
  });
  await recordEvents(tx, productCreated, products.filter(({ id }) => isNew.has(id)).map(eventOf));
  await recordEvents(tx, productUpdated, products.filter(({ id }) => !isNew.has(id)).map(eventOf));
  return products;
}

const snapshotOf = ({ id, handle, title, status, variants }: WholeProduct): ProductSnapshot => ({
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
