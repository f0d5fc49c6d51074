import type { Transaction } from '../database.ts';
import { toStorable } from '../storable-text.ts';
import type { WholeProduct } from './product-record.ts';
import { readWholeProducts } from './read-products.ts';

/** The product as it stands, held until the transaction ends; null when there is none. */
export async function lockProduct(tx: Transaction, id: string): Promise<WholeProduct | null> {
  const locked = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM product WHERE id = ${toStorable(id)} FOR UPDATE`;
  if (locked.length === 0) return null;
  const [product] = await readWholeProducts(tx, 'id', [id]);
  return product ?? null;
}
