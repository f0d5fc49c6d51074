import { tellConsequences } from './consequences.ts';
import type { InventoryTransaction } from './database.ts';
import { type StockLine, sumBySku } from './input-check.ts';
import { bookMovements } from './level-change.ts';
import { lockSkusOrCreate } from './sku-lock.ts';
import { findWarehouse } from './warehouse.ts';

export interface OpeningStock {
  /** Code. */
  readonly warehouse: string;
  readonly reference: string;
  readonly lines: readonly StockLine[];
  readonly actor: string;
}

/** Books the first stock of skus; one that has a ledger already, anywhere, is left as it is. */
export async function bookOpeningStock(tx: InventoryTransaction, opening: OpeningStock): Promise<void> {
  const warehouse = await findWarehouse(tx, opening.warehouse);
  if (!warehouse) throw new Error(`Opening stock is for the warehouse ${opening.warehouse}, which is not known.`);
  const lines = sumBySku(opening.lines);
  const skus = lines.map(({ sku }) => sku);
  const locked = await lockSkusOrCreate(tx, skus);
  const withLedger = await tx.$queryRaw<{ sku: string }[]>`
    SELECT s.sku FROM unnest(${skus}::text[]) AS s(sku)
    WHERE EXISTS (SELECT FROM stock_movement m WHERE m.sku = s.sku)`;
  const known = new Set(withLedger.map(({ sku }) => sku));
  const levels = await bookMovements(
    tx,
    lines
      .filter(({ sku }) => !known.has(sku))
      .map((line) => ({
        ...line,
        warehouseId: warehouse.id,
        type: 'RECEIPT',
        reference: opening.reference,
        sourceKey: `opening:${line.sku}:${warehouse.code}`,
      })),
    { actor: opening.actor },
  );
  await tellConsequences(tx, locked, levels);
}
