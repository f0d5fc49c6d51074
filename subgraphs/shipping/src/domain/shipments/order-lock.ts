import type { ShippingTransaction } from '../database.ts';

/** Placing and cancelling may come at once, and neither has a row yet that the other would see. */
export const lockOrder = (tx: ShippingTransaction, orderId: string) =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`shipping.order:${orderId}`}, 0))`;
