import DataLoader from 'dataloader';
import { type Checkout, findCheckouts } from './domain/checkout/checkout.ts';
import type { CheckoutDatabase } from './domain/database.ts';
import { findPayments, linesOfOrders, type OrderLine, type Payment, paymentsOfOrders } from './domain/order/details.ts';
import { findOrders, findOrdersOfCheckouts, type Order } from './domain/order/order.ts';
import { type RecordedEntry, timelineOfOrders } from './domain/order/timeline.ts';

export interface Loaders {
  /** By the secret that clients hold. */
  readonly checkout: DataLoader<string, Checkout | null>;
  readonly order: DataLoader<string, Order | null>;
  /** By the checkout's reference. */
  readonly orderOfCheckout: DataLoader<string, Order | null>;
  readonly payment: DataLoader<string, Payment | null>;
  /** By order. */
  readonly lines: DataLoader<string, OrderLine[]>;
  readonly payments: DataLoader<string, Payment[]>;
  readonly timeline: DataLoader<string, RecordedEntry[]>;
}

/** One call's loaders: however many things are asked for, one statement a kind. */
export const createLoaders = (db: CheckoutDatabase): Loaders => ({
  checkout: byKey(
    (ids) => findCheckouts(db, ids),
    ({ id }) => id,
  ),
  order: byKey(
    (ids) => findOrders(db, ids),
    ({ id }) => id,
  ),
  orderOfCheckout: byKey(
    (references) => findOrdersOfCheckouts(db, references),
    ({ checkoutReference }) => checkoutReference,
  ),
  payment: byKey(
    (ids) => findPayments(db, ids),
    ({ id }) => id,
  ),
  lines: listByOrder((ids) => linesOfOrders(db, ids)),
  payments: listByOrder((ids) => paymentsOfOrders(db, ids)),
  timeline: listByOrder((ids) => timelineOfOrders(db, ids)),
});

const byKey = <Value>(find: (keys: readonly string[]) => Promise<Value[]>, keyOf: (value: Value) => string) =>
  new DataLoader<string, Value | null>(async (keys) => {
    const found = new Map((await find(keys)).map((value) => [keyOf(value), value]));
    return keys.map((key) => found.get(key) ?? null);
  });

const listByOrder = <Value extends { readonly orderId: string }>(find: (ids: readonly string[]) => Promise<Value[]>) =>
  new DataLoader<string, Value[]>(async (ids) => {
    const byOrder = new Map<string, Value[]>(ids.map((id) => [id, []]));
    for (const value of await find(ids)) byOrder.get(value.orderId)?.push(value);
    return ids.map((id) => byOrder.get(id) ?? []);
  });
