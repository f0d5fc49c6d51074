import { isSecretId, newId, secretId } from '@mercato/ids';
import type { SubgraphClient } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { CheckoutSettings } from '../../settings.ts';
import type { CheckoutDatabase } from '../database.ts';
import { findShortage } from './availability.ts';
import { askCart, type Cart } from './cart.ts';
import { type Checkout, type CheckoutRow, checkoutColumns, readCheckout } from './checkout.ts';
import { findUnsellable } from './compare.ts';
import { readEmail } from './email.ts';
import { writeLines } from './lines.ts';
import type { Changed, InsufficientStock, InvalidInput } from './outcomes.ts';
import { linesFromCart } from './refresh.ts';

export interface CreateCheckoutParts {
  readonly db: CheckoutDatabase;
  readonly subgraphs: SubgraphClient;
  readonly settings: CheckoutSettings;
  readonly logger: Logger;
}

export type CreateCheckoutOutcome =
  | Changed
  | { readonly kind: 'cart-not-found' }
  | { readonly kind: 'cart-empty' }
  | InsufficientStock
  | InvalidInput;

/**
 * Opens the checkout of a cart. A cart that has one that lives gets that one back, brought up to date; one that is being
 * ordered, or was ordered as it stands, is given as it is.
 */
export async function createCheckout(
  { db, subgraphs, settings, logger }: CreateCheckoutParts,
  input: { readonly cartId: string; readonly email?: string | null | undefined },
): Promise<CreateCheckoutOutcome> {
  const email = readEmail(input.email);
  if (email.kind !== 'email') return email;
  if (!isSecretId('cart', input.cartId)) return { kind: 'cart-not-found' };
  const timeoutMs = settings.callTimeoutMs;
  const cart = await askCart(subgraphs, { secret: input.cartId }, timeoutMs);
  if (!cart) return { kind: 'cart-not-found' };
  if (cart.lines.length === 0) return { kind: 'cart-empty' };

  const unsellable = findUnsellable(cart);
  if (unsellable) {
    const { sku, quantity } = unsellable;
    return { kind: 'insufficient-stock', sku, requested: quantity, available: 0 };
  }
  const shortage = await findShortage({ subgraphs, logger, timeoutMs }, cart.lines);
  if (shortage) return shortage;
  return { kind: 'changed', checkout: await openCheckout(db, cart, email.email, settings.checkoutLifetimeMs) };
}

/** One statement, but where an order is being placed or was placed from the cart. */
async function openCheckout(
  db: CheckoutDatabase,
  cart: Cart,
  email: string | null,
  lifetimeMs: number,
): Promise<Checkout> {
  const expiresAt = new Date(Date.now() + lifetimeMs);
  // Keys are those of `compareWithCart`: an offer of delivery was made for goods, units and weights.
  const [row] = await db.$queryRaw<CheckoutRow[]>`
    INSERT INTO checkout (id, secret, cart_reference, cart_version, email, currency, lines, expires_at)
    SELECT ${newId('checkout')}, ${secretId('checkout')}, ${cart.reference}, ${cart.version}, ${email}, ${cart.currency},
      ${writeLines(linesFromCart(cart))}::jsonb, ${expiresAt}
    WHERE NOT EXISTS (SELECT FROM checkout WHERE cart_reference = ${cart.reference}
      AND cart_version = ${cart.version} AND status = 'COMPLETED')
    ON CONFLICT (cart_reference) WHERE status IN ('OPEN', 'COMPLETING') DO UPDATE SET
      email = coalesce(excluded.email, checkout.email), currency = excluded.currency, lines = excluded.lines,
      cart_version = excluded.cart_version, expires_at = excluded.expires_at, version = checkout.version + 1,
      updated_at = now(), delivery = CASE
        WHEN jsonb_path_query_array(checkout.lines, '$[*].sku') = jsonb_path_query_array(excluded.lines, '$[*].sku')
          AND jsonb_path_query_array(checkout.lines, '$[*].quantity') = jsonb_path_query_array(excluded.lines, '$[*].quantity')
          AND jsonb_path_query_array(checkout.lines, '$[*].weightInGrams') = jsonb_path_query_array(excluded.lines, '$[*].weightInGrams')
        THEN checkout.delivery END
    WHERE checkout.status = 'OPEN' AND checkout.cart_version <= excluded.cart_version
    RETURNING ${checkoutColumns}`;
  return row ? readCheckout(row) : latestOf(db, cart.reference);
}

/** The checkout that is in the way of a new one. */
async function latestOf(db: CheckoutDatabase, cartReference: string): Promise<Checkout> {
  const [row] = await db.$queryRaw<CheckoutRow[]>`
    SELECT ${checkoutColumns} FROM checkout WHERE cart_reference = ${cartReference} AND status <> 'EXPIRED'
    ORDER BY created_at DESC, id DESC LIMIT 1`;
  if (!row) throw new Error('A checkout was neither made nor found.');
  return readCheckout(row);
}
