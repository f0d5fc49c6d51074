import { once } from '@mercato/idempotency';
import { newId } from '@mercato/ids';
import { Prisma } from '../../generated/prisma/client.ts';
import type { ProductsDatabase, Transaction } from '../database.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { checkDraft } from './check-draft.ts';
import type { Problem } from './problem.ts';
import type { ProductDraft } from './product-draft.ts';
import type { CategoryIds } from './product-write.ts';
import { TakenMeanwhileError, writeProducts } from './write-products.ts';

export interface CreateProduct {
  readonly draft: ProductDraft;
  /** Who calls with which key; a repeat gets the first answer. */
  readonly idempotency: { readonly scope: string; readonly key: string; readonly input: unknown } | null;
}

export type CreateProductOutcome =
  | { readonly kind: 'created'; readonly productId: string }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'handle-taken'; readonly handle: string }
  | { readonly kind: 'sku-taken'; readonly sku: string; readonly variant: number }
  | { readonly kind: 'key-reused' };

/** Creates a product with its variants, prices and pictures, and says so, in one transaction. */
export async function createProduct(
  database: ProductsDatabase,
  search: SearchIndex,
  { draft, idempotency }: CreateProduct,
): Promise<CreateProductOutcome> {
  const problems = checkDraft(draft);
  if (problems.length > 0) return { kind: 'invalid', problems };
  try {
    return await database.$transaction(async (tx) => {
      if (!idempotency) return create(tx, search, draft);
      const answer = await once(
        tx,
        idempotency,
        () => create(tx, search, draft),
        ({ kind }) => kind === 'created',
      );
      return answer.kind === 'key-reused' ? { kind: 'key-reused' } : answer.result;
    });
  } catch (error) {
    // Another call took the handle or a sku between the check and the insert, and has committed: now the check sees it.
    if (!lostRace(error)) throw error;
    const refusal = await findConflict(database, draft);
    if (!refusal) throw error;
    return refusal;
  }
}

async function create(tx: Transaction, search: SearchIndex, draft: ProductDraft): Promise<CreateProductOutcome> {
  const conflict = await findConflict(tx, draft);
  if (conflict) return conflict;
  const categories = await categoryIdsOf(tx, draft.categories);
  const unknown = unknownCategories(draft.categories, categories);
  if (unknown.length > 0) return { kind: 'invalid', problems: unknown };

  const id = newId('product');
  await writeProducts(tx, search, [{ id, isNew: true, draft }], categories);
  return { kind: 'created', productId: id };
}

async function findConflict(
  tx: Pick<Transaction, 'product' | 'productVariant'>,
  { handle, variants }: ProductDraft,
): Promise<CreateProductOutcome | null> {
  if (await tx.product.findUnique({ where: { handle }, select: { id: true } })) return { kind: 'handle-taken', handle };
  const taken = await tx.productVariant.findFirst({
    where: { sku: { in: variants.map(({ sku }) => sku) } },
    select: { sku: true },
  });
  if (!taken) return null;
  return { kind: 'sku-taken', sku: taken.sku, variant: variants.findIndex(({ sku }) => sku === taken.sku) };
}

/** Whether a transaction lost a race, and is to be tried again: what it raced for is to be seen by then. */
export const lostRace = (error: unknown): boolean =>
  error instanceof TakenMeanwhileError ||
  (error instanceof Prisma.PrismaClientKnownRequestError &&
    (error.code === 'P2002' || error.code === 'P2034' || /40P01|deadlock detected/.test(error.message)));

export async function categoryIdsOf(
  tx: Pick<Transaction, 'category'>,
  handles: readonly string[],
): Promise<CategoryIds> {
  if (handles.length === 0) return new Map();
  const rows = await tx.category.findMany({
    where: { handle: { in: [...new Set(handles)] } },
    select: { id: true, handle: true },
  });
  return new Map(rows.map(({ id, handle }) => [handle, id]));
}

export const unknownCategories = (handles: readonly string[], known: CategoryIds): Problem[] =>
  handles.flatMap((handle, index) =>
    known.has(handle)
      ? []
      : [{ path: ['categories', String(index)], message: `must be the handle of a category; there is no "${handle}"` }],
  );
