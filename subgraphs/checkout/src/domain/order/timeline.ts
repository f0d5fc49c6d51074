import { newId } from '@mercato/ids';
import type { CheckoutDatabase, CheckoutTransaction } from '../database.ts';

export type TimelineKind =
  | 'PLACED'
  | 'STOCK_RESERVED'
  | 'PAYMENT_AUTHORIZED'
  | 'PAYMENT_DECLINED'
  | 'SHIPPED'
  | 'DELIVERED'
  | 'PAYMENT_CAPTURED'
  | 'CANCELLED'
  | 'FAILED'
  | 'NOTE';

export interface TimelineEntry {
  readonly kind: TimelineKind;
  /** In a sentence, for staff. Holds no secret. */
  readonly message: string;
  /** `shopper`, a staff member's id, or the name of a service. */
  readonly actor: string;
}

/** Entries as JSON for `jsonb_to_recordset(… ) AS t(id text, kind text, actor text, message text)`. */
export const writeEntries = (entries: readonly TimelineEntry[]): string =>
  JSON.stringify(entries.map((entry) => ({ id: newId('timeline'), ...entry })));

export async function addEntries(
  tx: CheckoutTransaction,
  orderId: string,
  entries: readonly TimelineEntry[],
): Promise<void> {
  await tx.orderTimelineEntry.createMany({
    data: entries.map((entry) => ({ id: newId('timeline'), orderId, ...entry })),
  });
}

export interface RecordedEntry extends Omit<TimelineEntry, 'actor'> {
  readonly orderId: string;
  readonly at: Date;
  readonly actor: string | null;
}

/** What happened to many orders, oldest first. One statement. */
export const timelineOfOrders = (db: CheckoutDatabase, orderIds: readonly string[]): Promise<RecordedEntry[]> =>
  db.orderTimelineEntry.findMany({
    where: { orderId: { in: [...orderIds] } },
    select: { orderId: true, at: true, kind: true, actor: true, message: true },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
