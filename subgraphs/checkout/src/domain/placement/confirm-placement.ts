import { newId } from '@mercato/ids';
import { recordEvent } from '@mercato/outbox';
import { z } from 'zod';
import { orderPlaced } from '../../events/index.ts';
import { readAddress } from '../checkout/checkout.ts';
import type { CheckoutDatabase } from '../database.ts';
import type { Allocation, Placement } from './placement.ts';

const delivery = z.object({ optionId: z.string(), carrier: z.string(), service: z.string() });

interface PlacedRow {
  id: string;
  version: number;
  number: string;
  cartReference: string;
  email: string;
  currency: string;
  total: bigint;
  shippingAddress: unknown;
  delivery: unknown;
  lines: {
    lineId: string;
    sku: string;
    title: string;
    quantity: number;
    unitPrice: string;
    total: string;
    weightInGrams: number | null;
  }[];
}

/**
 * The saga's last step: the order is placed and says so, in one transaction.
 * @returns false when another drives the placement; nothing was changed then
 */
export async function confirmPlacement(
  db: CheckoutDatabase,
  { orderId, lease }: Placement,
  allocations: readonly Allocation[],
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const [order] = await tx.$queryRaw<PlacedRow[]>`
      WITH driven AS (
        UPDATE placement SET state = 'PLACED', allocations = ${JSON.stringify(allocations)}::jsonb, sealed_token = NULL,
          action_url = NULL, trouble = NULL, claimed_by = NULL, claimed_until = NULL, updated_at = now()
        WHERE order_id = ${orderId} AND claimed_by = ${lease} AND state = 'RUNNING'
        RETURNING order_id, checkout_id
      ), completed AS (
        UPDATE checkout SET status = 'COMPLETED', version = version + 1, updated_at = now()
        FROM driven WHERE checkout.id = driven.checkout_id
      ), told AS (
        INSERT INTO order_timeline_entry (id, order_id, kind, actor, message)
        SELECT ${newId('timeline')}, order_id, 'PLACED', 'shopper', 'The order was placed.' FROM driven
      )
      UPDATE customer_order o SET status = 'PLACED', placed_at = now(), version = version + 1
      FROM driven WHERE o.id = driven.order_id
      RETURNING o.id, o.version, o.number, o.cart_reference AS "cartReference", o.email, o.currency, o.total,
        o.shipping_address AS "shippingAddress", o.delivery,
        (SELECT jsonb_agg(jsonb_build_object('lineId', l.id, 'sku', l.sku, 'title', l.title, 'quantity', l.quantity,
          'unitPrice', l.unit_price::text, 'total', l.total::text, 'weightInGrams', l.weight_in_grams) ORDER BY l.position)
          FROM order_line l WHERE l.order_id = o.id) AS lines`;
    if (!order) return false;
    await recordEvent(tx, orderPlaced, {
      aggregateId: order.id,
      version: order.version,
      payload: {
        orderId: order.id,
        number: order.number,
        cartId: order.cartReference,
        email: order.email,
        currency: order.currency,
        total: order.total.toString(),
        shippingAddress: readAddress(order.shippingAddress),
        delivery: delivery.parse(order.delivery),
        lines: shareOut(order.lines, allocations),
      },
    });
    return true;
  });
}

/** Gives each line its units of what was held of its sku; a sku may come on several lines and lie in several places. */
export function shareOut<Line extends { readonly sku: string; readonly quantity: number }>(
  lines: readonly Line[],
  allocations: readonly Allocation[],
): (Line & { allocations: { warehouse: string; quantity: number }[] })[] {
  const left = allocations.map((allocation) => ({ ...allocation }));
  return lines.map((line) => {
    const shares: { warehouse: string; quantity: number }[] = [];
    let wanted = line.quantity;
    for (const held of left) {
      const taken = held.sku === line.sku ? Math.min(wanted, held.quantity) : 0;
      if (taken === 0) continue;
      held.quantity -= taken;
      wanted -= taken;
      shares.push({ warehouse: held.warehouse, quantity: taken });
    }
    return { ...line, allocations: shares };
  });
}
