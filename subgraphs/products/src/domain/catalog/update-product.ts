import { isDeepStrictEqual } from 'node:util';
import type { ProductStatus } from '../../generated/prisma/enums.ts';
import type { ProductsDatabase } from '../database.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { checkDraft } from './check-draft.ts';
import { categoryIdsOf, unknownCategories } from './create-product.ts';
import { lockProduct } from './lock-product.ts';
import type { Problem } from './problem.ts';
import { draftOf, type ProductDraft } from './product-draft.ts';
import { writeProducts } from './write-products.ts';

/** Absent stays as it is; null clears. */
export interface ProductChanges {
  readonly title?: string;
  readonly description?: string | null;
  readonly vendor?: string | null;
  readonly status?: ProductStatus;
  readonly categories?: string[];
}

export type UpdateProductOutcome =
  | { readonly kind: 'updated'; readonly productId: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'changed-meanwhile'; readonly updatedAt: Date };

/** Changes what is given. What changes nothing leaves version and time alone and tells nobody. */
export async function updateProduct(
  database: ProductsDatabase,
  search: SearchIndex,
  { id, changes, expectedUpdatedAt }: { id: string; changes: ProductChanges; expectedUpdatedAt: Date | null },
): Promise<UpdateProductOutcome> {
  return database.$transaction(async (tx): Promise<UpdateProductOutcome> => {
    const stored = await lockProduct(tx, id);
    if (!stored) return { kind: 'not-found' };
    if (expectedUpdatedAt && expectedUpdatedAt.getTime() !== stored.updatedAt.getTime()) {
      return { kind: 'changed-meanwhile', updatedAt: stored.updatedAt };
    }
    const before = draftOf(stored);
    const draft: ProductDraft = { ...before, ...changes };
    const problems = checkDraft(draft).filter(({ path: [field] }) => field !== undefined && field in changes);
    if (problems.length > 0) return { kind: 'invalid', problems };
    const categories = await categoryIdsOf(tx, draft.categories);
    const unknown = unknownCategories(draft.categories, categories);
    if (unknown.length > 0) return { kind: 'invalid', problems: unknown };

    if (!isDeepStrictEqual(draft, before)) await writeProducts(tx, search, [{ id, isNew: false, draft }], categories);
    return { kind: 'updated', productId: id };
  });
}
