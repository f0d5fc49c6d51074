/** What a deployment may choose, in milliseconds; the defaults suit a shop. */
export interface CheckoutSettings {
  /** How long a checkout stays open after it was opened last. */
  readonly checkoutLifetimeMs: number;
  /** How long stock is held for an order that is being placed; extended as long as its outcome is not known. */
  readonly holdMs: number;
  /** How long placing an order goes forward, and how long a shopper may take for a step at the bank. */
  readonly placementMs: number;
  /** How long a caller of `checkoutComplete` waits at most; below the router's own deadline. */
  readonly answerWithinMs: number;
  /** How long one call to another service or to the payment provider may take. */
  readonly callTimeoutMs: number;
  /** After which a placement whose driver died may be taken over; longer than any step takes. */
  readonly leaseMs: number;
  /** Between looks for placements to resume and money to capture. */
  readonly sweepEveryMs: number;
  /** Between looks for checkouts that lapsed. */
  readonly expireEveryMs: number;
}

export const defaultSettings: CheckoutSettings = {
  checkoutLifetimeMs: 24 * 3_600_000,
  holdMs: 20 * 60_000,
  placementMs: 15 * 60_000,
  answerWithinMs: 7_500,
  callTimeoutMs: 3_000,
  leaseMs: 15_000,
  sweepEveryMs: 3_000,
  expireEveryMs: 5 * 60_000,
};
