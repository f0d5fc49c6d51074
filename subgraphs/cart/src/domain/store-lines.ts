import { newId } from '@mercato/ids';
import type { CartTransaction } from './database.ts';
import { keptDays } from './limits.ts';

/** Sets the quantity of skus in a cart, at the price the shopper agrees to by doing so. One statement. */
export async function storeLines(
  tx: CartTransaction,
  cartReference: string,
  lines: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: bigint }[],
): Promise<void> {
  if (lines.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO cart_line (id, cart_id, sku, quantity, confirmed_unit_price)
    SELECT id, ${cartReference}, sku, quantity, price FROM unnest(
      ${lines.map(() => newId('cartline'))}::text[], ${lines.map(({ sku }) => sku)}::text[],
      ${lines.map(({ quantity }) => quantity)}::int[], ${lines.map(({ unitPrice }) => unitPrice)}::bigint[]
    ) AS line(id, sku, quantity, price)
    ON CONFLICT (cart_id, sku) DO UPDATE
      SET quantity = excluded.quantity, confirmed_unit_price = excluded.confirmed_unit_price`;
}

/** A change of what the cart holds: checkouts pinned to the old version see it, and its time to live begins anew. */
export async function touchCart(tx: CartTransaction, cartReference: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE cart SET version = version + 1, updated_at = now(), expires_at = now() + make_interval(days => ${keptDays}::int)
    WHERE id = ${cartReference}`;
}

/** Keeps others from changing the cart until the transaction ends. False when there is no such open cart. */
export async function lockCart(tx: CartTransaction, secret: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM cart WHERE secret = ${secret} AND status = 'OPEN' AND expires_at > now() FOR UPDATE`;
  return rows.length > 0;
}
