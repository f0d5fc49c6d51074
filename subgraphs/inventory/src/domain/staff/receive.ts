import { recordEvent } from '@mercato/outbox';
import { stockReceived } from '../../events/index.ts';
import { tellConsequences } from '../consequences.ts';
import type { InventoryDatabase } from '../database.ts';
import { checkLines, checkText, firstFault, type InvalidInput, type StockLine, sumBySku } from '../input-check.ts';
import { bookMovements } from '../level-change.ts';
import { lockSkusOrCreate } from '../sku-lock.ts';
import { findWarehouse } from '../warehouse.ts';
import { type KeyedCall, onceForKey, type RememberedLevel, remember } from './once-for-key.ts';

export interface Receipt extends KeyedCall {
  readonly warehouse: string;
  readonly lines: readonly StockLine[];
  readonly reference: string | null;
}

export type ReceiveOutcome =
  | { kind: 'done'; levels: RememberedLevel[] }
  | { kind: 'unknown-warehouse' }
  | { kind: 'key-reused' }
  | InvalidInput;

const maxLines = 500;

/** Books goods that arrived, all lines or none. */
export async function receiveStock(db: InventoryDatabase, receipt: Receipt): Promise<ReceiveOutcome> {
  const { warehouse: code, lines, reference, actor, idempotencyKey } = receipt;
  const fault = firstFault(
    checkText(idempotencyKey, 'idempotencyKey'),
    checkText(reference, 'reference'),
    checkText(code, 'warehouse'),
    checkLines(lines, maxLines),
  );
  if (fault) return fault;

  return onceForKey(db, 'stockReceive', receipt, { code, lines, reference }, async (tx): Promise<ReceiveOutcome> => {
    const warehouse = await findWarehouse(tx, code);
    if (!warehouse) return { kind: 'unknown-warehouse' };
    const arrived = sumBySku(lines);
    const locked = await lockSkusOrCreate(
      tx,
      arrived.map(({ sku }) => sku),
    );
    const levels = await bookMovements(
      tx,
      arrived.map((line) => ({ ...line, warehouseId: warehouse.id, type: 'RECEIPT', reference })),
      { actor },
    );
    await tellConsequences(tx, locked, levels);
    await recordEvent(tx, stockReceived, {
      aggregateId: warehouse.id,
      version: Math.max(...levels.map(({ version }) => version)),
      payload: {
        warehouse: code,
        reference,
        lines: levels.map(({ sku, onHandDelta, onHand }) => ({ sku, quantity: onHandDelta, onHand })),
      },
    });
    return { kind: 'done', levels: levels.map(remember) };
  });
}
