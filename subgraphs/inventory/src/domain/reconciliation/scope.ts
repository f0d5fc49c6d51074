import { Prisma } from '../../generated/prisma/client.ts';

/** Which part of the stock a run is about. */
export interface Scope {
  readonly warehouseId: string | null;
  /** Empty means all. */
  readonly skus: readonly string[];
}

/** The condition on any table with columns `sku` and `warehouse_id`. */
export function inScope({ warehouseId, skus }: Scope): Prisma.Sql {
  const conditions = [Prisma.sql`TRUE`];
  if (warehouseId !== null) conditions.push(Prisma.sql`warehouse_id = ${warehouseId}`);
  if (skus.length > 0) conditions.push(Prisma.sql`sku = ANY(${[...skus]}::text[])`);
  return Prisma.join(conditions, ' AND ');
}

/** Whether two runs would look at some level both. */
export function overlap(one: Scope, other: Scope): boolean {
  const warehouses = one.warehouseId === null || other.warehouseId === null || one.warehouseId === other.warehouseId;
  const skus = one.skus.length === 0 || other.skus.length === 0 || one.skus.some((sku) => other.skus.includes(sku));
  return warehouses && skus;
}
