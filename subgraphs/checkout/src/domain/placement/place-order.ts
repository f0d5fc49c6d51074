import { hashOf } from '@mercato/idempotency';
import type { Money } from '@mercato/money';
import type { PaymentProviderName } from '../../payment/index.ts';
import { askCart } from '../checkout/cart.ts';
import type { Checkout } from '../checkout/checkout.ts';
import { compareWithCart, findUnsellable } from '../checkout/compare.ts';
import type { CheckoutClosed, CheckoutNotFound, InsufficientStock, InvalidInput } from '../checkout/outcomes.ts';
import { invalid } from '../checkout/outcomes.ts';
import { refreshFromCart } from '../checkout/refresh.ts';
import { totalsOf } from '../checkout/totals.ts';
import type { OrderTokens } from '../order/access-token.ts';
import type { Order } from '../order/order.ts';
import { type Agreed, beginPlacement } from './begin.ts';
import type { DriveParts } from './drive.ts';
import { driveWithin, follow } from './follow.ts';
import { checkInput, type ReadInput } from './input.ts';
import { type CheckoutRequirement, missingRequirements } from './requirements.ts';
import { findCheckoutWithPlacements, readStandingWithOrder, type Standing } from './standing.ts';
import { supersede } from './supersede.ts';
import type { Refusal } from './transitions.ts';

export interface PlaceOrderInput {
  readonly checkoutId: string;
  readonly idempotencyKey: string;
  readonly expectedTotal: { readonly amount: string; readonly currency: string };
  readonly payment?:
    | {
        readonly provider: PaymentProviderName;
        readonly token: string;
        readonly returnUrl?: string | null | undefined;
      }
    | null
    | undefined;
}

export interface PlaceOrderParts extends DriveParts {
  readonly tokens: OrderTokens;
}

export type PlaceOrderOutcome =
  /** Placed, or PENDING while the outcome is not known. */
  | { readonly kind: 'ordered'; readonly order: Order; readonly accessToken: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'action-required'; readonly actionUrl: string }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'incomplete'; readonly missing: readonly CheckoutRequirement[] }
  | { readonly kind: 'price-changed'; readonly currentTotal: Money }
  | { readonly kind: 'key-reused' }
  | CheckoutNotFound
  | CheckoutClosed
  | InsufficientStock
  | InvalidInput;

/** A checkout that changes under the call is read again, this many times. */
const tries = 5;

/**
 * Makes an order of a checkout, at most one whatever the keys. What became of a key is answered again to its repeats;
 * only what was refused before anything began leaves the key free.
 */
export async function placeOrder(parts: PlaceOrderParts, input: PlaceOrderInput): Promise<PlaceOrderOutcome> {
  const until = Date.now() + parts.settings.answerWithinMs;
  const read = checkInput(parts.payments, input);
  if (read.kind !== 'input') return read;

  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = await findCheckoutWithPlacements(parts.db, input.checkoutId, input.idempotencyKey);
    if (!found) return { kind: 'checkout-not-found' };
    const { checkout, ofKey, live } = found;
    if (ofKey) return repeat(parts, ofKey, hashOf(input), until);
    if (live) {
      const standing = await supersede(parts, live, until);
      if (standing.state === 'FAILED') continue;
      return standing.state === 'PLACED' || standing.state === 'CANCELLING' || standing.state === 'CANCELLED'
        ? { kind: 'checkout-closed', status: 'COMPLETED', reference: checkout.reference }
        : { kind: 'in-progress' };
    }
    if (checkout.status !== 'OPEN') {
      return { kind: 'checkout-closed', status: checkout.status, reference: checkout.reference };
    }
    const outcome = await begin(parts, checkout, input, read, until);
    if (outcome) return outcome;
  }
  return { kind: 'in-progress' };
}

/** The answer that the key has already, or gets now. */
async function repeat(parts: PlaceOrderParts, ofKey: Standing, inputHash: string, until: number) {
  if (ofKey.inputHash !== inputHash) return { kind: 'key-reused' as const };
  const { isDriven } = await follow(ofKey.orderId, parts, until);
  return answer(parts, ofKey.orderId, isDriven);
}

/** Null when the checkout changed meanwhile or another has begun: it is to be read again. */
async function begin(
  parts: PlaceOrderParts,
  checkout: Checkout,
  input: PlaceOrderInput,
  read: ReadInput,
  until: number,
): Promise<PlaceOrderOutcome | null> {
  const current = await upToDate(parts, checkout);
  if (current === null || current.kind !== 'checkout') return current;
  const agreed = agree(current.checkout, input, read);
  if (agreed.kind !== 'agreed') return agreed;

  const { leaseMs, placementMs } = parts.settings;
  const begun = await beginPlacement(
    { ...parts, tokenVersion: parts.tokens.currentVersion, leaseMs, placementMs },
    agreed,
  );
  if (!begun) return null;
  await driveWithin(begun, parts, until);
  // A step that takes longer than the shopper can wait goes on behind the answer: the order is PENDING.
  return answer(parts, begun.orderId, false);
}

type UpToDate =
  | { readonly kind: 'checkout'; readonly checkout: Checkout }
  | Extract<PlaceOrderOutcome, { kind: 'price-changed' | 'insufficient-stock' | 'invalid-input' }>;

/** Compares frozen lines with the cart once more; a difference that matters is taken over and told. */
async function upToDate(parts: PlaceOrderParts, checkout: Checkout): Promise<UpToDate | null> {
  const { db, subgraphs, settings } = parts;
  const cart = await askCart(subgraphs, { reference: checkout.cartReference }, settings.callTimeoutMs);
  if (!cart || cart.lines.length === 0) {
    return invalid('The cart of this checkout is empty or gone; fill a cart and open a new checkout.', ['checkoutId']);
  }
  const unsellable = findUnsellable(cart);
  if (unsellable) {
    const { sku, quantity } = unsellable;
    return { kind: 'insufficient-stock', sku, requested: quantity, available: 0 };
  }
  const comparison = compareWithCart(checkout.lines, cart);
  if (comparison === 'same' && cart.version === checkout.cartVersion) return { kind: 'checkout', checkout };
  const refreshed = await refreshFromCart(db, checkout, cart);
  if (!refreshed) return null;
  return comparison === 'same'
    ? { kind: 'checkout', checkout: refreshed }
    : { kind: 'price-changed', currentTotal: totalOf(refreshed) };
}

const totalOf = (checkout: Checkout): Money =>
  totalsOf({ ...checkout, hasAddress: checkout.shippingAddress !== null }).total;

/** Whether the checkout lacks nothing and costs what the shopper agreed to. */
function agree(
  checkout: Checkout,
  input: PlaceOrderInput,
  { expectedTotal, payment }: ReadInput,
): (Agreed & { readonly kind: 'agreed' }) | Extract<PlaceOrderOutcome, { kind: 'incomplete' | 'price-changed' }> {
  const missing = missingRequirements(checkout, { hasPayment: payment !== null, now: new Date() });
  const { email, shippingAddress: address, delivery } = checkout;
  if (missing.length > 0 || email === null || !address || !delivery) return { kind: 'incomplete', missing };
  const total = totalOf(checkout);
  if (total.amount !== expectedTotal.amount || total.currency !== expectedTotal.currency) {
    return { kind: 'price-changed', currentTotal: total };
  }
  const { idempotencyKey } = input;
  return { kind: 'agreed', checkout, email, address, delivery, payment, idempotencyKey, inputHash: hashOf(input) };
}

/** @param isDriven whether another is at it, and the caller waited in vain */
async function answer({ db, tokens }: PlaceOrderParts, orderId: string, isDriven: boolean): Promise<PlaceOrderOutcome> {
  const { standing, order } = await readStandingWithOrder(db, orderId);
  const { state, refusal, actionUrl } = standing;
  if (refusal && (state === 'FAILED' || state === 'UNDOING')) return { kind: 'refused', refusal };
  if (state === 'AWAITING_ACTION' && actionUrl !== null) return { kind: 'action-required', actionUrl };
  if (state === 'RUNNING' && isDriven) return { kind: 'in-progress' };
  return { kind: 'ordered', order, accessToken: tokens.issue(order) };
}
