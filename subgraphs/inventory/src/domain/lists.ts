import {
  type Connection,
  connection,
  type KeysetSort,
  keysetOrderBy,
  keysetWhere,
  type PageRequest,
} from '@mercato/pagination';
import { Prisma } from '../generated/prisma/client.ts';
import type { InventoryReader } from './database.ts';
import { groupBy } from './grouping.ts';
import type { StockLevelRow } from './stock-level.ts';
import type { StockMovementRow } from './stock-movement.ts';
import type { WarehouseRow } from './warehouse.ts';

export type WarehousePage = Connection<WarehouseRow>;
export type StockLevelPage = Connection<StockLevelRow>;
export type StockMovementPage = Connection<StockMovementRow>;

export const warehouseOrder: KeysetSort = {
  name: 'PRIORITY',
  columns: [
    { expression: Prisma.sql`w.priority`, direction: 'asc', type: 'int' },
    { expression: Prisma.sql`w.id`, direction: 'asc', type: 'text' },
  ],
};

export const stockLevelOrder: KeysetSort = {
  name: 'SKU',
  columns: [
    { expression: Prisma.sql`l.sku`, direction: 'asc', type: 'text' },
    { expression: Prisma.sql`l.warehouse_id`, direction: 'asc', type: 'text' },
  ],
};

export const newestMovementFirst: KeysetSort = {
  name: 'NEWEST',
  columns: [{ expression: Prisma.sql`m.seq`, direction: 'desc', type: 'bigint' }],
};

export async function listWarehouses(db: InventoryReader, page: PageRequest): Promise<WarehousePage> {
  const rows = await db.$queryRaw<WarehouseRow[]>`
    SELECT w.id, w.code, w.name, w.line1, w.line2, w.city, w.region, w.postal_code AS "postalCode", w.country, w.phone,
      w.latitude, w.longitude, w.active, w.priority, w.partner_id AS "partnerId", w.serves_countries AS "servesCountries"
    FROM warehouse w WHERE ${keysetWhere(page)} ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  return connection(
    rows,
    page,
    ({ priority, id }) => [priority, id],
    () => db.warehouse.count(),
  );
}

export interface StockLevelFilter {
  readonly sku?: string | null;
  readonly skus?: readonly string[] | null;
  /** Code. */
  readonly warehouse?: string | null;
  /** Whether what can be promised is at or below the reorder point. */
  readonly lowStock?: boolean | null;
}

const levelColumns = Prisma.sql`l.id, l.sku, l.warehouse_id AS "warehouseId", l.on_hand AS "onHand", l.reserved,
  l.safety_stock AS "safetyStock", l.reorder_point AS "reorderPoint", l.version, l.updated_at AS "updatedAt"`;

function levelCondition({ sku, skus, warehouse, lowStock }: StockLevelFilter): Prisma.Sql {
  const conditions = [Prisma.sql`TRUE`];
  if (typeof sku === 'string') conditions.push(Prisma.sql`l.sku = ${sku}`);
  if (skus) conditions.push(Prisma.sql`l.sku = ANY(${[...skus]}::text[])`);
  if (typeof warehouse === 'string') {
    conditions.push(Prisma.sql`l.warehouse_id = (SELECT id FROM warehouse WHERE code = ${warehouse})`);
  }
  if (typeof lowStock === 'boolean') {
    const low = Prisma.sql`coalesce(l.on_hand - l.reserved - l.safety_stock <= l.reorder_point, false)`;
    conditions.push(lowStock ? low : Prisma.sql`NOT ${low}`);
  }
  return Prisma.join(conditions, ' AND ');
}

export async function listStockLevels(
  db: InventoryReader,
  filter: StockLevelFilter,
  page: PageRequest,
): Promise<StockLevelPage> {
  const condition = levelCondition(filter);
  const rows = await db.$queryRaw<StockLevelRow[]>`
    SELECT ${levelColumns} FROM stock_level l WHERE ${condition} AND ${keysetWhere(page)}
    ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  return connection(rows, page, levelCursor, async () => {
    const [counted] = await db.$queryRaw<[{ count: number }]>`
      SELECT count(*)::int AS count FROM stock_level l WHERE ${condition}`;
    return counted.count;
  });
}

const levelCursor = ({ sku, warehouseId }: StockLevelRow) => [sku, warehouseId];

/** The same page of each sku's levels, in one statement; counts, when asked for, in one more. */
export async function listStockLevelsBySku(
  db: InventoryReader,
  skus: readonly string[],
  page: PageRequest,
): Promise<StockLevelPage[]> {
  const rows = await db.$queryRaw<StockLevelRow[]>`
    SELECT level.* FROM unnest(${[...skus]}::text[]) AS wanted(sku) CROSS JOIN LATERAL (
      SELECT ${levelColumns} FROM stock_level l WHERE l.sku = wanted.sku AND ${keysetWhere(page)}
      ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}) level`;
  let counts: Promise<ReadonlyMap<string, number>> | undefined;
  const countAll = async (sku: string) => {
    counts ??= countLevelsBySku(db, skus);
    return (await counts).get(sku) ?? 0;
  };
  const bySku = groupBy(rows, ({ sku }) => sku);
  return skus.map((sku) => connection(bySku.get(sku) ?? [], page, levelCursor, () => countAll(sku)));
}

async function countLevelsBySku(db: InventoryReader, skus: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counted = await db.stockLevel.groupBy({ by: ['sku'], where: { sku: { in: [...skus] } }, _count: true });
  return new Map(counted.map(({ sku, _count }) => [sku, _count]));
}

export async function listStockMovements(
  db: InventoryReader,
  { sku, warehouse }: { sku: string; warehouse: string | null },
  page: PageRequest,
): Promise<StockMovementPage> {
  const condition =
    warehouse === null
      ? Prisma.sql`m.sku = ${sku}`
      : Prisma.sql`m.sku = ${sku} AND m.warehouse_id = (SELECT id FROM warehouse WHERE code = ${warehouse})`;
  const rows = await db.$queryRaw<StockMovementRow[]>`
    SELECT m.id, m.seq, m.sku, m.warehouse_id AS "warehouseId", m.type, m.quantity, m.reason, m.reference,
      m.source_key AS "sourceKey", m.actor, m.balance_after AS "balanceAfter", m.at, m.effective_at AS "effectiveAt"
    FROM stock_movement m WHERE ${condition} AND ${keysetWhere(page)}
    ORDER BY ${keysetOrderBy(page)} LIMIT ${page.limit + 1}`;
  return connection(
    rows,
    page,
    ({ seq }) => [seq],
    async () => {
      const [counted] = await db.$queryRaw<[{ count: number }]>`
      SELECT count(*)::int AS count FROM stock_movement m WHERE ${condition}`;
      return counted.count;
    },
  );
}
