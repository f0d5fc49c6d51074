import { recordEvents } from '@mercato/outbox';
import { reservationExpired } from '../../events/index.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { tellConsequences } from '../consequences.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import { lockSkus } from '../sku-lock.ts';
import { giveBack } from './hold.ts';
import { type ReservationRow, reservationsById } from './reservation.ts';

const batchSize = 100;

/** Which lapsed holds to give back; all by default. */
export interface HoldScope {
  readonly warehouseId?: string | null;
  readonly skus?: readonly string[];
  /** Only those that had lapsed by then; now by default. */
  readonly lapsedBy?: Date;
}

/** Gives back all holds that lapsed, a batch at a time. How many there were. */
export async function expireHolds(db: InventoryDatabase, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (;;) {
    const expired = await db.$transaction((tx) => expireBatch(tx));
    total += expired.length;
    if (expired.length < batchSize || signal?.aborted) return total;
  }
}

/** Gives a batch of lapsed holds back; those that a checkout has its hands on are left to it. */
export async function expireBatch(tx: InventoryTransaction, scope: HoldScope = {}): Promise<ReservationRow[]> {
  const lapsed = await tx.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM reservation r WHERE r.status = 'HELD' AND r.expires_at < coalesce(${scope.lapsedBy ?? null}::timestamptz, now())
      AND ${inScope(scope)}
    ORDER BY r.expires_at LIMIT ${batchSize} FOR UPDATE SKIP LOCKED`;
  if (lapsed.length === 0) return [];
  const reservations = await reservationsById(
    tx,
    lapsed.map(({ id }) => id),
  );
  const lines = reservations.flatMap((reservation) => reservation.lines);
  const locked = await lockSkus(
    tx,
    lines.map(({ sku }) => sku),
  );
  const levels = await giveBack(tx, lines);
  await tx.$executeRaw`
    UPDATE reservation SET status = 'EXPIRED', updated_at = now() WHERE id = ANY(${reservations.map(({ id }) => id)}::text[])`;
  await tellConsequences(tx, locked, levels);
  await recordEvents(
    tx,
    reservationExpired,
    reservations.map(({ orderId }) => ({ aggregateId: orderId, version: 1, payload: { orderId } })),
  );
  return reservations;
}

function inScope({ warehouseId, skus = [] }: HoldScope): Prisma.Sql {
  if (!warehouseId && skus.length === 0) return Prisma.sql`TRUE`;
  return Prisma.sql`EXISTS (
    SELECT FROM reservation_line l WHERE l.reservation_id = r.id
      AND (${warehouseId ?? null}::text IS NULL OR l.warehouse_id = ${warehouseId ?? null})
      AND (${skus.length === 0} OR l.sku = ANY(${[...skus]}::text[])))`;
}
