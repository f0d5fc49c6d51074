import type { InventoryTransaction } from '../database.ts';
import type { StockLine } from '../input-check.ts';
import type { LockedSkus } from '../sku-lock.ts';

/** Units of a sku taken from one warehouse. */
export interface Allocation extends StockLine {
  readonly warehouseId: string;
}

export type AllocateOutcome =
  | { kind: 'allocated'; allocations: Allocation[] }
  | { kind: 'unknown-sku'; sku: string }
  | { kind: 'insufficient'; sku: string; requested: number; available: number };

/**
 * Where the units of an order come from: the first warehouse that can serve the whole order; else, line by line, the
 * first that can serve the line; else several, in turn. First is by priority, among active warehouses that serve the
 * country. Each sku is named once. It is decided where the levels are, since a sku may lie in thousands of places.
 * Stock that came to be after the skus were locked is not locked, and so is none yet.
 */
export async function allocate(
  tx: InventoryTransaction,
  locked: LockedSkus,
  lines: readonly StockLine[],
  country: string | null,
): Promise<AllocateOutcome> {
  const allocations = await tx.$queryRaw<Allocation[]>`
    WITH wanted AS (
      SELECT * FROM unnest(${lines.map(({ sku }) => sku)}::text[], ${lines.map(({ quantity }) => quantity)}::int[])
        AS w(sku, quantity)
    ), candidate AS (
      SELECT l.sku, l.warehouse_id, w.priority, wanted.quantity AS wanted,
        l.on_hand - l.reserved - l.safety_stock AS available
      FROM wanted JOIN stock_level l USING (sku) JOIN warehouse w ON w.id = l.warehouse_id
      WHERE w.active AND l.sku = ANY(${[...locked.keys()]}::text[]) AND l.on_hand - l.reserved - l.safety_stock > 0
        AND (${country}::text IS NULL OR w.serves_countries = '{}' OR ${country}::text = ANY(w.serves_countries))
    ), whole AS (
      SELECT warehouse_id FROM candidate WHERE available >= wanted
      GROUP BY warehouse_id, priority HAVING count(*) = (SELECT count(*) FROM wanted)
      ORDER BY priority, warehouse_id LIMIT 1
    ), ranked AS (
      SELECT c.*, sum(available) OVER (
        PARTITION BY c.sku
        ORDER BY (c.warehouse_id = whole.warehouse_id) DESC NULLS LAST, (available >= wanted) DESC, priority, c.warehouse_id
        ROWS UNBOUNDED PRECEDING) - available AS before
      FROM candidate c LEFT JOIN whole ON true
    )
    SELECT sku, warehouse_id AS "warehouseId", least(available, wanted - before)::int AS quantity
    FROM ranked WHERE before < wanted ORDER BY sku, warehouse_id`;
  return (await firstShortage(tx, lines, allocations)) ?? { kind: 'allocated', allocations };
}

async function firstShortage(
  tx: InventoryTransaction,
  lines: readonly StockLine[],
  allocations: readonly Allocation[],
): Promise<AllocateOutcome | undefined> {
  const found = new Map<string, number>();
  for (const { sku, quantity } of allocations) found.set(sku, (found.get(sku) ?? 0) + quantity);
  const short = lines.find(({ sku, quantity }) => (found.get(sku) ?? 0) < quantity);
  if (!short) return undefined;
  const { sku, quantity: requested } = short;
  const available = found.get(sku) ?? 0;
  if (available > 0 || (await isKnown(tx, sku))) return { kind: 'insufficient', sku, requested, available };
  return { kind: 'unknown-sku', sku };
}

async function isKnown(tx: InventoryTransaction, sku: string): Promise<boolean> {
  const [{ known }] = await tx.$queryRaw<[{ known: boolean }]>`
    SELECT EXISTS (SELECT FROM sku_availability WHERE sku = ${sku})
      OR EXISTS (SELECT FROM catalog_variant WHERE sku = ${sku}) AS known`;
  return known;
}
