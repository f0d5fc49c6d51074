import { newId } from '@mercato/ids';
import type { Address } from '../address.ts';
import type { Checkout, ChosenDelivery } from '../checkout/checkout.ts';
import { lineTotal, totalsOf } from '../checkout/totals.ts';
import { type CheckoutDatabase, Prisma } from '../database.ts';
import { newLease, type Placement } from './placement.ts';
import type { TokenSeal } from './sealed-token.ts';

/** A checkout that lacks nothing, and what the shopper agreed to. */
export interface Agreed {
  readonly checkout: Checkout;
  readonly email: string;
  readonly address: Address;
  readonly delivery: ChosenDelivery;
  readonly idempotencyKey: string;
  readonly inputHash: string;
  readonly payment: { readonly provider: string; readonly token: string; readonly returnUrl: string | null } | null;
}

export interface BeginParts {
  readonly db: CheckoutDatabase;
  readonly seal: TokenSeal;
  readonly tokenVersion: string;
  readonly placementMs: number;
  readonly leaseMs: number;
}

/**
 * Writes the order as PENDING and the placement that is to make it certain, all in one statement that locks the checkout:
 * of callers that race for a checkout one begins. The caller holds the lease of what it began.
 * @returns null when the checkout changed since it was read, another has begun, or the cart was ordered as it stands
 */
export async function beginPlacement(parts: BeginParts, agreed: Agreed): Promise<Placement | null> {
  const placement = planned(parts, agreed);
  const begun = await parts.db.$executeRaw(beginning(parts, agreed, placement));
  return begun === 1 ? placement : null;
}

function planned({ seal, placementMs }: BeginParts, { checkout, address, payment }: Agreed): Placement {
  const orderId = newId('order');
  const { total } = totalsOf({ ...checkout, hasAddress: true });
  return {
    orderId,
    checkoutReference: checkout.reference,
    state: 'RUNNING',
    step: 'RESERVE',
    lines: checkout.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    country: address.country,
    total,
    payment:
      payment && total.amount > 0n
        ? {
            id: newId('payment'),
            provider: payment.provider,
            sealedToken: seal.seal(payment.token, orderId),
            returnUrl: payment.returnUrl,
          }
        : null,
    allocations: null,
    holdExpiresAt: null,
    refusal: null,
    attempts: 0,
    deadline: new Date(Date.now() + placementMs),
    isRepeat: false,
    lease: newLease(),
  };
}

/** Closes the checkout, and writes order, lines, payment and placement if that closed it. */
function beginning({ tokenVersion, leaseMs }: BeginParts, agreed: Agreed, placement: Placement) {
  const { checkout, email, address, delivery, idempotencyKey, inputHash } = agreed;
  const { orderId, payment, total, deadline, lease } = placement;
  const { subtotal, discount } = totalsOf({ ...checkout, hasAddress: true });
  const { optionId, carrier, service } = delivery;
  const lines = JSON.stringify(
    checkout.lines.map((line, position) => ({
      id: newId('orderline'),
      position,
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      unit_price: line.unitPrice.amount.toString(),
      total: lineTotal(line).amount.toString(),
      weight_in_grams: line.weightInGrams,
      tax_class: line.taxClass,
    })),
  );
  return Prisma.sql`
    WITH closed AS (
      UPDATE checkout SET status = 'COMPLETING', version = version + 1, updated_at = now()
      WHERE id = ${checkout.reference} AND version = ${checkout.version} AND status = 'OPEN' AND expires_at > now()
        AND NOT EXISTS (SELECT FROM checkout ordered WHERE ordered.cart_reference = ${checkout.cartReference}
          AND ordered.cart_version = ${checkout.cartVersion} AND ordered.status = 'COMPLETED')
      RETURNING id
    ), ordered AS (
      INSERT INTO customer_order (id, number, checkout_id, cart_reference, token_version, email, currency, subtotal,
        discount, delivery_cost, tax, total, shipping_address, delivery)
      SELECT ${orderId}, 'M-' || nextval('order_number'), closed.id, ${checkout.cartReference}, ${tokenVersion}, ${email},
        ${checkout.currency}, ${subtotal.amount}::bigint, ${discount.amount}::bigint, ${delivery.price.amount}::bigint, 0,
        ${total.amount}::bigint, ${JSON.stringify(address)}::jsonb, ${JSON.stringify({ optionId, carrier, service })}::jsonb
      FROM closed
    ), lines AS (
      INSERT INTO order_line (id, order_id, position, sku, title, quantity, unit_price, total, weight_in_grams, tax_class)
      SELECT line.id, ${orderId}, position, sku, title, quantity, unit_price, total, weight_in_grams, tax_class
      FROM closed, jsonb_to_recordset(${lines}::jsonb) AS line(id text, position int, sku text, title text, quantity int,
        unit_price bigint, total bigint, weight_in_grams int, tax_class text)
    ), paid AS (
      INSERT INTO payment (id, order_id, provider, amount, currency)
      SELECT ${payment?.id ?? ''}, ${orderId}, ${payment?.provider ?? ''}, ${total.amount}::bigint, ${total.currency}
      FROM closed WHERE ${payment !== null}
    )
    INSERT INTO placement (order_id, checkout_id, idempotency_key, input_hash, payment_id, provider, sealed_token,
      return_url, deadline, next_attempt_at, claimed_by, claimed_until)
    SELECT ${orderId}, closed.id, ${idempotencyKey}, ${inputHash}, ${payment?.id ?? null}::text,
      ${payment?.provider ?? null}::text, ${payment?.sealedToken ?? null}::text, ${payment?.returnUrl ?? null}::text,
      ${deadline}::timestamptz, now() + make_interval(secs => ${leaseMs / 1_000}), ${lease},
      now() + make_interval(secs => ${leaseMs / 1_000})
    FROM closed`;
}
