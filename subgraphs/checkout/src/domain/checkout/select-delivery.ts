import type { SubgraphClient } from '@mercato/subgraph-client';
import type { CheckoutSettings } from '../../settings.ts';
import type { CheckoutDatabase } from '../database.ts';
import {
  type Checkout,
  type CheckoutRow,
  checkoutColumns,
  findCheckout,
  readCheckout,
  writeDelivery,
} from './checkout.ts';
import { askDeliveryQuote } from './delivery-quote.ts';
import { type Changed, type CheckoutClosed, type CheckoutNotFound, closedOrMissing } from './outcomes.ts';

export type SelectDeliveryOutcome =
  | Changed
  | CheckoutNotFound
  | CheckoutClosed
  | { readonly kind: 'delivery-unavailable' };

/** A checkout that changes under the question is asked about again, this many times. */
const tries = 3;

/** Chooses one of the ways of delivery that shipping offered, at the price it was offered at. */
export async function selectDelivery(
  { db, subgraphs, settings }: { db: CheckoutDatabase; subgraphs: SubgraphClient; settings: CheckoutSettings },
  { checkoutId, deliveryOptionId }: { readonly checkoutId: string; readonly deliveryOptionId: string },
): Promise<SelectDeliveryOutcome> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const checkout = await findCheckout(db, checkoutId);
    if (checkout?.status !== 'OPEN') return closedOrMissing(checkout);
    const delivery = await askDeliveryQuote(subgraphs, checkout, deliveryOptionId, settings.callTimeoutMs);
    if (!delivery || delivery.expiresAt.getTime() <= Date.now()) return { kind: 'delivery-unavailable' };
    const changed = await store(db, checkout, writeDelivery(delivery));
    if (changed) return { kind: 'changed', checkout: changed };
  }
  throw new Error('The checkout changed each time its delivery was to be stored.');
}

/** Null when the checkout changed since it was read: the offer may have been made for something else. */
async function store(db: CheckoutDatabase, checkout: Checkout, delivery: string): Promise<Checkout | null> {
  const [row] = await db.$queryRaw<CheckoutRow[]>`
    UPDATE checkout SET delivery = ${delivery}::jsonb, version = version + 1, updated_at = now()
    WHERE id = ${checkout.reference} AND version = ${checkout.version} AND status = 'OPEN'
    RETURNING ${checkoutColumns}`;
  return row ? readCheckout(row) : null;
}
