import type { ProductsDatabase } from '../database.ts';
import { tellOf } from './product-snapshot.ts';

/** Products told of in one transaction. */
const batch = 200;

/**
 * Tells of every product again as it is now, at the version it has: for copies that lost something.
 * @returns how many
 */
export async function announceProducts(database: ProductsDatabase): Promise<number> {
  let told = 0;
  let after = '';
  for (;;) {
    const ids = (
      await database.product.findMany({
        where: { id: { gt: after } },
        orderBy: { id: 'asc' },
        take: batch,
        select: { id: true },
      })
    ).map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return told;
    // Locked, so that no change of a product can be told of before its older state is.
    await database.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM product WHERE id = ANY(${ids}::text[]) ORDER BY id FOR SHARE`;
      await tellOf(tx, { created: [], updated: ids });
    });
    told += ids.length;
    after = last;
  }
}
