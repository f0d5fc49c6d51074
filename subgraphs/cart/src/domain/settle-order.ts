import type { CartTransaction } from './database.ts';

/**
 * An order was placed from a cart: what was ordered leaves it. What the shopper put in meanwhile stays, in a cart that
 * stays open; otherwise the cart is done.
 */
export async function settleOrder(
  tx: CartTransaction,
  order: {
    readonly cartReference: string;
    readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  },
): Promise<void> {
  const skus = order.lines.map(({ sku }) => sku);
  const quantities = order.lines.map(({ quantity }) => quantity);
  await tx.$executeRaw`SELECT id FROM cart WHERE id = ${order.cartReference} FOR UPDATE`;
  await tx.$executeRaw`
    UPDATE cart_line SET quantity = cart_line.quantity - ordered.quantity
    FROM unnest(${skus}::text[], ${quantities}::int[]) AS ordered(sku, quantity)
    WHERE cart_id = ${order.cartReference} AND cart_line.sku = ordered.sku`;
  await tx.$executeRaw`DELETE FROM cart_line WHERE cart_id = ${order.cartReference} AND quantity <= 0`;
  await tx.$executeRaw`
    UPDATE cart SET version = version + 1, updated_at = now(), status = CASE
      WHEN EXISTS (SELECT FROM cart_line WHERE cart_id = cart.id) THEN status ELSE 'ORDERED'::"CartStatus" END
    WHERE id = ${order.cartReference}`;
}
