import { orderPlaced } from '@mercato/checkout/events';
import { on } from '@mercato/outbox';
import { type ProductSnapshot, productCreated, productUpdated } from '@mercato/products/events';
import { type CatalogProduct, copyProduct } from '../domain/catalog-copy.ts';
import type { CartTransaction } from '../domain/database.ts';
import { settleOrder } from '../domain/settle-order.ts';

/** What carts do when something happens elsewhere. */
export const heardEvents = [
  on<CartTransaction, typeof productCreated.payload>(productCreated, (tx, { version, payload }) =>
    copyProduct(tx, catalogProduct(payload, version)),
  ),
  on<CartTransaction, typeof productUpdated.payload>(productUpdated, (tx, { version, payload }) =>
    copyProduct(tx, catalogProduct(payload, version)),
  ),
  on<CartTransaction, typeof orderPlaced.payload>(orderPlaced, (tx, { payload }) =>
    settleOrder(tx, { cartReference: payload.cartId, lines: payload.lines }),
  ),
];

const catalogProduct = ({ productId, title, status, variants }: ProductSnapshot, version: number): CatalogProduct => ({
  productId,
  version,
  onSale: status === 'ACTIVE',
  variants: variants.map((variant) => ({
    sku: variant.sku,
    title: variant.title === title ? title : `${title} – ${variant.title}`,
    prices: Object.fromEntries(variant.prices.map(({ amount, currency }) => [currency, amount])),
    weightInGrams: variant.weightInGrams,
    taxClass: variant.taxClass,
  })),
});
