import { newId } from '@mercato/ids';
import { categoryIdsOf } from '../catalog/create-product.ts';
import type { CategoryIds, ProductWrite } from '../catalog/product-write.ts';
import type { Transaction } from '../database.ts';

/** Makes the categories that the writes want and the shop has not, as roots behind the others. */
export async function ensureCategories(
  tx: Transaction,
  writes: readonly ProductWrite[],
  titles: ReadonlyMap<string, string>,
  known: CategoryIds,
): Promise<CategoryIds> {
  const wanted = new Set(writes.flatMap(({ draft }) => draft.categories));
  const missing = [...wanted].filter((handle) => !known.has(handle)).sort();
  if (missing.length === 0) return known;

  const { _max: last } = await tx.category.aggregate({ _max: { position: true }, where: { parentId: null } });
  await tx.category.createMany({
    data: missing.map((handle, index) => ({
      id: newId('category'),
      handle,
      title: titles.get(handle) ?? handle,
      position: (last.position ?? 0) + 1 + index,
      path: [handle],
    })),
    // Another import may be making the same one.
    skipDuplicates: true,
  });
  return new Map([...known, ...(await categoryIdsOf(tx, missing))]);
}
