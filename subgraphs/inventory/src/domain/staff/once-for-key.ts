import { once } from '@mercato/idempotency';
import { Prisma } from '../../generated/prisma/client.ts';
import type { InventoryDatabase, InventoryTransaction } from '../database.ts';
import { type InvalidInput, invalid } from '../input-check.ts';
import type { StockLevelRow } from '../stock-level.ts';

export interface KeyedCall {
  readonly actor: string;
  readonly idempotencyKey: string;
}

/**
 * Runs a staff operation once for its key, in a transaction of its own. Only what was done is remembered: after a
 * refusal the same key may try again. More units than a level, or a sku over all warehouses, can say are refused.
 */
export async function onceForKey<Outcome extends { readonly kind: string }>(
  db: InventoryDatabase,
  operation: string,
  { actor, idempotencyKey }: KeyedCall,
  input: unknown,
  work: (tx: InventoryTransaction) => Promise<Outcome>,
): Promise<Outcome | { kind: 'key-reused' } | InvalidInput> {
  try {
    const done = await db.$transaction((tx) =>
      once(
        tx,
        { scope: `${operation}:${actor}`, key: idempotencyKey, input },
        () => work(tx),
        ({ kind }) => kind === 'done',
      ),
    );
    return done.kind === 'key-reused' ? done : done.result;
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    return invalid(`The sku would have more than ${mostUnits} units; check the quantities.`);
  }
}

/** Of a sku, in one place or all together: what an integer of the database, and of GraphQL, can say. */
const mostUnits = 2 ** 31 - 1;

const isOutOfRange = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && /22003|out of range/.test(error.message);

/** A level as it is remembered with a key: plain JSON. */
export type RememberedLevel = Omit<StockLevelRow, 'updatedAt'> & { readonly updatedAt: string };

export const remember = ({ updatedAt, ...level }: StockLevelRow): RememberedLevel => ({
  id: level.id,
  sku: level.sku,
  warehouseId: level.warehouseId,
  onHand: level.onHand,
  reserved: level.reserved,
  safetyStock: level.safetyStock,
  reorderPoint: level.reorderPoint,
  version: level.version,
  updatedAt: updatedAt.toISOString(),
});

export const recall = ({ updatedAt, ...level }: RememberedLevel): StockLevelRow => ({
  ...level,
  updatedAt: new Date(updatedAt),
});
