import type { InventoryReader } from './database.ts';

export type AvailabilityStatus = 'IN_STOCK' | 'LOW_STOCK' | 'OUT_OF_STOCK';

/** What shoppers are told of a sku or a product. */
export interface Availability {
  readonly status: AvailabilityStatus;
  /** Null above the disclosure limit. */
  readonly quantityAvailable: number | null;
}

interface Stock {
  /** Units that can be sold now, over all active warehouses. */
  readonly available: number;
  /** Σ reorder points; 0 where none is set. */
  readonly reorderPoint: number;
}

interface Policy {
  readonly lowStockThreshold: number;
  readonly disclosureLimit: number;
}

/** Low is at or below the reorder points of all its warehouses together, or the shop's threshold where none is set. */
export function statusOf({ available, reorderPoint }: Stock, { lowStockThreshold }: Policy): AvailabilityStatus {
  if (available <= 0) return 'OUT_OF_STOCK';
  return available <= (reorderPoint > 0 ? reorderPoint : lowStockThreshold) ? 'LOW_STOCK' : 'IN_STOCK';
}

const betterFirst: readonly AvailabilityStatus[] = ['IN_STOCK', 'LOW_STOCK', 'OUT_OF_STOCK'];

/** Over several skus: the best status and the sum; without any, nothing can be bought. */
export function availabilityOf(stocks: readonly Stock[], policy: Policy): Availability {
  const statuses = new Set(stocks.map((stock) => statusOf(stock, policy)));
  const available = stocks.reduce((sum, stock) => sum + stock.available, 0);
  return {
    status: betterFirst.find((status) => statuses.has(status)) ?? 'OUT_OF_STOCK',
    quantityAvailable: available > policy.disclosureLimit ? null : available,
  };
}

/** In one statement; a sku without stock is out of stock. */
export async function availabilityBySku(
  db: InventoryReader,
  skus: readonly string[],
): Promise<ReadonlyMap<string, Availability>> {
  const rows = await db.$queryRaw<(Stock & Policy & { sku: string })[]>`
    SELECT wanted.sku, coalesce(a.available, 0) AS available, coalesce(a.reorder_point, 0) AS "reorderPoint",
      s.low_stock_threshold AS "lowStockThreshold", s.disclosure_limit AS "disclosureLimit"
    FROM unnest(${[...skus]}::text[]) AS wanted(sku) CROSS JOIN inventory_settings s
    LEFT JOIN sku_availability a ON a.sku = wanted.sku`;
  return new Map(rows.map((row) => [row.sku, availabilityOf([row], row)]));
}

/** In one statement; products that the catalog's copy does not know are left out. */
export async function availabilityByProduct(
  db: InventoryReader,
  productIds: readonly string[],
): Promise<ReadonlyMap<string, Availability>> {
  const rows = await db.$queryRaw<(Policy & { productId: string; stocks: Stock[] })[]>`
    SELECT p.id AS "productId", s.low_stock_threshold AS "lowStockThreshold", s.disclosure_limit AS "disclosureLimit",
      coalesce(
        jsonb_agg(jsonb_build_object('available', coalesce(a.available, 0), 'reorderPoint', coalesce(a.reorder_point, 0)))
          FILTER (WHERE v.sku IS NOT NULL), '[]') AS stocks
    FROM catalog_product p CROSS JOIN inventory_settings s
    LEFT JOIN catalog_variant v ON v.product_id = p.id LEFT JOIN sku_availability a ON a.sku = v.sku
    WHERE p.id = ANY(${[...productIds]}::text[]) GROUP BY p.id, s.id`;
  return new Map(rows.map((row) => [row.productId, availabilityOf(row.stocks, row)]));
}
