import type { System } from '../system/system.ts';

/** Levels a statement: enough to be quick, few enough that the triggers' tables stay in memory. */
const levelsAtOnce = 100_000;

/**
 * Stock of every sku at every warehouse whose code is like that, each level with the receipt that explains it: what a shop's years of work
 * leave behind, put there in bulk.
 * @returns how many levels there are
 */
export async function loadLevels(
  system: System,
  skus: readonly string[],
  tell: (done: number) => void,
  codesLike = '%',
): Promise<number> {
  const [{ count: warehouses = 0 } = {}] = await system.sql<{ count: number }>(
    'inventory',
    'SELECT count(*)::int AS count FROM warehouse WHERE code LIKE $1',
    [codesLike],
  );
  const skusAtOnce = Math.max(1, Math.floor(levelsAtOnce / warehouses));
  for (let start = 0; start < skus.length; start += skusAtOnce) {
    const some = skus.slice(start, start + skusAtOnce);
    await system.sql('inventory', insertLevels, [some, start, codesLike]);
    tell((start + some.length) * warehouses);
  }
  await system.sql('inventory', 'ANALYZE');
  return skus.length * warehouses;
}

const insertLevels = `
  WITH input AS MATERIALIZED (
    SELECT s.sku, w.id AS warehouse_id, 10 + (s.n + w.priority) % 90 AS quantity,
      lpad(w.priority::text || lpad((s.n + $2)::text, 9, '0'), 26, '0') AS suffix
    FROM unnest($1::text[]) WITH ORDINALITY AS s(sku, n) CROSS JOIN warehouse w
    WHERE w.code LIKE $3
  ), level AS (
    INSERT INTO stock_level (id, sku, warehouse_id, on_hand)
    SELECT 'level_' || suffix, sku, warehouse_id, quantity FROM input ORDER BY sku, warehouse_id
  )
  INSERT INTO stock_movement (id, sku, warehouse_id, type, quantity, reference, source_key, balance_after)
  SELECT 'movement_' || suffix, sku, warehouse_id, 'RECEIPT', quantity, 'benchmark', 'benchmark:' || suffix, quantity
  FROM input ORDER BY sku, warehouse_id`;
