import { newId } from '@mercato/ids';
import { recordEvent } from '@mercato/outbox';
import { openingStockImported } from '../../events/index.ts';
import { categoryIdsOf } from '../catalog/create-product.ts';
import type { ProductDraft } from '../catalog/product-draft.ts';
import type { WholeProduct } from '../catalog/product-record.ts';
import type { ProductWrite } from '../catalog/product-write.ts';
import { readWholeProducts } from '../catalog/read-products.ts';
import { writeProducts } from '../catalog/write-products.ts';
import type { Transaction } from '../database.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { FileRecord, RowError } from './imported-product.ts';
import { mergeImported } from './merge-imported.ts';
import { ensureCategories } from './new-categories.ts';
import { planRecord, type RecordPlan } from './plan-record.ts';

export interface BatchOptions {
  /** Of the opening stock. */
  readonly warehouse: string | null;
  /** What the opening stock is booked under: the import. */
  readonly reference: string;
  readonly dryRun: boolean;
}

export interface BatchResult {
  readonly created: number;
  readonly updated: number;
  readonly rejected: number;
  readonly errors: readonly RowError[];
}

interface Planned {
  readonly plan: RecordPlan;
  readonly newCategories: ReadonlyMap<string, string>;
}

/**
 * Brings a number of products into the shop in a fixed number of statements, within the caller's transaction. The same
 * records again change nothing.
 *
 * @param fileSkus handle by sku of what the file named before; grows with this batch
 */
export async function settleBatch(
  tx: Transaction,
  search: SearchIndex,
  records: readonly FileRecord[],
  fileSkus: Map<string, string>,
  options: BatchOptions,
): Promise<BatchResult> {
  const handles = records.flatMap(({ product }) => product?.handle ?? []);
  const stored = await lockByHandle(tx, handles);
  const drafts = records.flatMap(({ product }) =>
    product ? [mergeImported(product, stored.get(product.handle) ?? null)] : [],
  );
  const categoryIds = await categoryIdsOf(
    tx,
    drafts.flatMap(({ categories }) => categories),
  );
  const owners = await readSkuOwners(tx, drafts);
  const plans = records.map((record): Planned => {
    const plan = planRecord(record, {
      stored: (record.product && stored.get(record.product.handle)) ?? null,
      ownerOf: (sku) => owners.get(sku) ?? fileSkus.get(sku),
      categories: new Set(categoryIds.keys()),
    });
    for (const { sku } of plan.draft?.variants ?? []) fileSkus.set(sku, plan.draft?.handle ?? '');
    return { plan, newCategories: record.product?.newCategories ?? new Map() };
  });

  if (!options.dryRun) {
    const writes = plans.flatMap(({ plan }) => writeOf(plan, stored));
    const categories = await ensureCategories(tx, writes, newTitles(plans), categoryIds);
    await writeProducts(tx, search, writes, categories);
    await tellOpeningStock(tx, plans, options);
  }
  const count = (kind: RecordPlan['kind']) => plans.filter(({ plan }) => plan.kind === kind).length;
  return {
    created: count('create'),
    updated: count('update'),
    rejected: plans.reduce((sum, { plan }) => sum + plan.rejected, 0),
    errors: plans.flatMap(({ plan }) => plan.errors),
  };
}

function writeOf({ kind, draft }: RecordPlan, stored: ReadonlyMap<string, WholeProduct>): ProductWrite[] {
  if (!draft || (kind !== 'create' && kind !== 'update')) return [];
  const known = stored.get(draft.handle);
  return [{ id: known?.id ?? newId('product'), isNew: known === undefined, draft }];
}

/** Locked in the order of their ids, as everybody does who locks several. */
async function lockByHandle(tx: Transaction, handles: string[]): Promise<Map<string, WholeProduct>> {
  const locked = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM product WHERE handle = ANY(${handles}::text[]) ORDER BY id FOR UPDATE`;
  const products = await readWholeProducts(
    tx,
    'id',
    locked.map(({ id }) => id),
  );
  return new Map(products.map((product) => [product.handle, product]));
}

/** Handle of the product by sku. */
async function readSkuOwners(tx: Transaction, drafts: readonly ProductDraft[]): Promise<Map<string, string>> {
  const skus = drafts.flatMap(({ variants }) => variants.map(({ sku }) => sku));
  const rows = await tx.$queryRaw<{ sku: string; handle: string }[]>`
    SELECT v.sku, p.handle FROM product_variant v JOIN product p ON p.id = v.product_id
    WHERE v.sku = ANY(${skus}::text[])`;
  return new Map(rows.map(({ sku, handle }) => [sku, handle]));
}

const newTitles = (plans: readonly Planned[]) => new Map(plans.flatMap(({ newCategories }) => [...newCategories]));

/** Each sku's opening stock is told once ever, with the import that named it first. */
async function tellOpeningStock(
  tx: Transaction,
  plans: readonly Planned[],
  { warehouse, reference }: BatchOptions,
): Promise<void> {
  if (warehouse === null) return;
  const quantities = new Map(plans.flatMap(({ plan }) => [...plan.quantities]));
  if (quantities.size === 0) return;
  const fresh = await tx.$queryRaw<{ sku: string }[]>`
    UPDATE product_variant SET opening_stock_at = now()
    WHERE sku = ANY(${[...quantities.keys()]}::text[]) AND opening_stock_at IS NULL RETURNING sku`;
  const lines = fresh.flatMap(({ sku }) => {
    const quantity = quantities.get(sku);
    return quantity === undefined ? [] : [{ sku, quantity }];
  });
  if (lines.length === 0) return;
  await recordEvent(tx, openingStockImported, {
    aggregateId: reference,
    version: 1,
    payload: { warehouse, reference, lines: lines.sort((a, b) => (a.sku < b.sku ? -1 : 1)) },
  });
}
