import { isSecretId } from '@mercato/ids';
import type { Money } from '@mercato/money';
import { z } from 'zod';
import type { Address } from '../address.ts';
import { type CheckoutDatabase, type CheckoutTransaction, Prisma } from '../database.ts';
import { type CheckoutLine, readLines } from './lines.ts';

export type CheckoutStatus = 'OPEN' | 'COMPLETING' | 'COMPLETED' | 'EXPIRED';

/** A way of delivery at the price that was offered. */
export interface ChosenDelivery {
  readonly optionId: string;
  readonly carrier: string;
  readonly service: string;
  readonly price: Money;
  /** Until when the price holds. */
  readonly expiresAt: Date;
}

export interface Checkout {
  /** The id that clients know; a secret. */
  readonly id: string;
  /** The name within this service; no secret. */
  readonly reference: string;
  readonly cartReference: string;
  readonly cartVersion: number;
  readonly version: number;
  readonly status: CheckoutStatus;
  readonly email: string | null;
  readonly currency: string;
  readonly lines: readonly CheckoutLine[];
  readonly shippingAddress: Address | null;
  readonly delivery: ChosenDelivery | null;
  readonly expiresAt: Date;
}

export interface CheckoutRow extends Omit<Checkout, 'lines' | 'shippingAddress' | 'delivery'> {
  readonly lines: unknown;
  readonly shippingAddress: unknown;
  readonly delivery: unknown;
}

const text = z.string().nullable();
const storedAddress = z.object({
  name: z.string(),
  line1: z.string(),
  line2: text,
  city: z.string(),
  region: text,
  postalCode: text,
  country: z.string(),
  phone: text,
});
const storedDelivery = z.object({
  optionId: z.string(),
  carrier: z.string(),
  service: z.string(),
  price: z.string().transform(BigInt),
  expiresAt: z.iso.datetime().transform((instant) => new Date(instant)),
});

export const readAddress = (stored: unknown): Address => storedAddress.parse(stored);

export const writeDelivery = ({ price, expiresAt, ...delivery }: ChosenDelivery): string =>
  JSON.stringify({ ...delivery, price: price.amount.toString(), expiresAt: expiresAt.toISOString() });

/** Columns of `checkout` by the names of `CheckoutRow`. One past its time shows as lapsed before the job sees it. */
export const checkoutColumns = Prisma.sql`
  checkout.secret AS id, checkout.id AS reference, checkout.cart_reference AS "cartReference",
  checkout.cart_version AS "cartVersion", checkout.version, checkout.email, checkout.currency, checkout.lines,
  checkout.shipping_address AS "shippingAddress", checkout.delivery, checkout.expires_at AS "expiresAt",
  CASE WHEN checkout.status = 'OPEN' AND checkout.expires_at <= now() THEN 'EXPIRED' ELSE checkout.status END::text AS status`;

export function readCheckout(row: CheckoutRow): Checkout {
  const { currency } = row;
  const delivery = row.delivery === null ? null : storedDelivery.parse(row.delivery);
  return {
    ...row,
    lines: readLines(row.lines, currency),
    shippingAddress: row.shippingAddress === null ? null : readAddress(row.shippingAddress),
    delivery: delivery && { ...delivery, price: { amount: delivery.price, currency } },
  };
}

/** By the secrets that clients hold; unknown ones are left out. One statement. */
export async function findCheckouts(
  db: CheckoutDatabase | CheckoutTransaction,
  secrets: readonly string[],
): Promise<Checkout[]> {
  const possible = secrets.filter((secret) => isSecretId('checkout', secret));
  if (possible.length === 0) return [];
  const rows = await db.$queryRaw<CheckoutRow[]>`
    SELECT ${checkoutColumns} FROM checkout WHERE secret = ANY(${possible}::text[])`;
  return rows.map(readCheckout);
}

export const findCheckout = async (db: CheckoutDatabase | CheckoutTransaction, secret: string) =>
  (await findCheckouts(db, [secret])).at(0) ?? null;
