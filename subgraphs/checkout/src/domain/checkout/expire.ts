import type { CheckoutDatabase } from '../database.ts';

const batch = 1_000;

/**
 * Ends checkouts past their time, and forgets where they were to be delivered to. One that an order is being placed from
 * is left alone. How many ended.
 */
export async function expireCheckouts(db: CheckoutDatabase): Promise<number> {
  let ended = 0;
  for (;;) {
    const changed = await db.$executeRaw`
      UPDATE checkout SET status = 'EXPIRED', version = version + 1, updated_at = now(), email = NULL,
        shipping_address = NULL, delivery = NULL
      WHERE id IN (SELECT id FROM checkout WHERE status = 'OPEN' AND expires_at <= now()
        LIMIT ${batch} FOR UPDATE SKIP LOCKED)`;
    ended += changed;
    if (changed < batch) return ended;
  }
}

const lapsedForDays = 30;

/** Checkouts that lapsed without an order: nobody can go on from them, and they are told apart from unknown ones long enough. */
export const lapsedCheckouts = {
  name: 'lapsed checkouts',
  keptForDays: lapsedForDays,
  drop: (db: CheckoutDatabase, limit: number) => db.$executeRaw`
    DELETE FROM checkout WHERE id = ANY(ARRAY(
      SELECT id FROM checkout WHERE status = 'EXPIRED' AND expires_at < now() - make_interval(days => ${lapsedForDays}::int)
      ORDER BY expires_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED))`,
};
