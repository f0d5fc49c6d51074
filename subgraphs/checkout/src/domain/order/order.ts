import { isId } from '@mercato/ids';
import type { Address } from '../address.ts';
import { readAddress } from '../checkout/checkout.ts';
import { type CheckoutDatabase, type CheckoutTransaction, Prisma } from '../database.ts';
import type { OrderStatus } from './status.ts';

/** Amounts in minor units of the currency. */
export interface Order {
  readonly id: string;
  readonly number: string;
  readonly checkoutReference: string;
  readonly status: OrderStatus;
  readonly tokenVersion: string;
  readonly email: string;
  readonly currency: string;
  readonly subtotal: bigint;
  readonly discount: bigint;
  readonly deliveryCost: bigint;
  readonly tax: bigint;
  readonly total: bigint;
  readonly shippingAddress: Address;
  readonly createdAt: Date;
  readonly placedAt: Date | null;
}

export interface OrderRow extends Omit<Order, 'shippingAddress'> {
  readonly shippingAddress: unknown;
}

/** Columns of `customer_order` by the names of `OrderRow`. */
export const orderColumns = Prisma.sql`
  customer_order.id, customer_order.number, customer_order.checkout_id AS "checkoutReference",
  customer_order.status::text AS status, customer_order.token_version AS "tokenVersion", customer_order.email,
  customer_order.currency, customer_order.subtotal, customer_order.discount,
  customer_order.delivery_cost AS "deliveryCost", customer_order.tax, customer_order.total,
  customer_order.shipping_address AS "shippingAddress", customer_order.created_at AS "createdAt",
  customer_order.placed_at AS "placedAt"`;

export const readOrder = (row: OrderRow): Order => ({ ...row, shippingAddress: readAddress(row.shippingAddress) });

/** Unknown ones are left out. One statement. */
export async function findOrders(db: CheckoutDatabase | CheckoutTransaction, ids: readonly string[]): Promise<Order[]> {
  const possible = ids.filter((id) => isId('order', id));
  if (possible.length === 0) return [];
  const rows = await db.$queryRaw<OrderRow[]>`
    SELECT ${orderColumns} FROM customer_order WHERE id = ANY(${possible}::text[])`;
  return rows.map(readOrder);
}

export async function findOrder(db: CheckoutDatabase | CheckoutTransaction, id: string): Promise<Order | null> {
  return (await findOrders(db, [id])).at(0) ?? null;
}

/** What checkouts became: the order that did not fail, by the checkouts' references. One statement. */
export async function findOrdersOfCheckouts(db: CheckoutDatabase, references: readonly string[]): Promise<Order[]> {
  const rows = await db.$queryRaw<OrderRow[]>`
    SELECT ${orderColumns} FROM customer_order
    WHERE checkout_id = ANY(${[...references]}::text[]) AND status <> 'FAILED'`;
  return rows.map(readOrder);
}
