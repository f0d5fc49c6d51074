import type { CartDatabase } from './database.ts';

const batch = 1_000;

/** Throws away carts past their time, a bounded number at once. How many went. */
export async function expireCarts(db: CartDatabase): Promise<number> {
  let gone = 0;
  for (;;) {
    const deleted = await db.$executeRaw`
      DELETE FROM cart WHERE id IN (SELECT id FROM cart WHERE expires_at <= now() LIMIT ${batch} FOR UPDATE SKIP LOCKED)`;
    gone += deleted;
    if (deleted < batch) return gone;
  }
}
