import type { InventoryTransaction } from './database.ts';

/** What was for sale of each locked sku when it was locked. */
export type LockedSkus = ReadonlyMap<string, { readonly available: number }>;

/**
 * Locks all stock of these skus, in all warehouses, until the transaction ends. Whoever changes a level or books a
 * movement holds the lock of its sku, so a decision made under it stays true until it is written. A transaction takes
 * its locks in one call and in the order of skus: those who want the same skus wait for each other, never in a ring.
 *
 * Skus that never had stock are left out.
 */
export async function lockSkus(tx: InventoryTransaction, skus: Iterable<string>): Promise<LockedSkus> {
  const rows = await tx.$queryRaw<{ sku: string; available: number }[]>`
    SELECT sku, available FROM sku_availability WHERE sku = ANY(${[...new Set(skus)]}::text[]) ORDER BY sku FOR UPDATE`;
  return new Map(rows.map(({ sku, available }) => [sku, { available }]));
}

/** The same for stock that may be new here. The order is that of the column, whatever the database sorts text by. */
export async function lockSkusOrCreate(tx: InventoryTransaction, skus: Iterable<string>): Promise<LockedSkus> {
  const rows = await tx.$queryRaw<{ sku: string; available: number }[]>`
    INSERT INTO sku_availability AS a (sku) SELECT sku FROM unnest(${[...new Set(skus)]}::text[]) AS s(sku)
    ORDER BY sku COLLATE "C"
    ON CONFLICT (sku) DO UPDATE SET version = a.version RETURNING sku, available`;
  return new Map(rows.map(({ sku, available }) => [sku, { available }]));
}
