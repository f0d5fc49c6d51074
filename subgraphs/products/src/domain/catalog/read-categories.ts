import { Prisma } from '../../generated/prisma/client.ts';
import type { Reader } from '../database.ts';
import type { CategoryRecord } from './category-record.ts';
import type { CollectionRecord } from './product-record.ts';

const categoryColumns = Prisma.sql`k.id, k.handle, k.title, k.path`;
const categoryKeys = { id: Prisma.sql`k.id`, handle: Prisma.sql`k.handle` };

/** The roots, with all that is below them in `children`, in the shop's order. One statement. */
export async function readCategoryTree(database: Reader): Promise<CategoryRecord[]> {
  const rows = await database.$queryRaw<CategoryRecord[]>`
    SELECT ${categoryColumns} FROM category k ORDER BY k.position, k.handle`;
  const nodes = new Map(rows.map((row) => [row.handle, { ...row, children: [] as CategoryRecord[] }]));
  const roots: CategoryRecord[] = [];
  for (const node of nodes.values()) {
    const parent = node.path.at(-2);
    const siblings = parent === undefined ? roots : nodes.get(parent)?.children;
    siblings?.push(node);
  }
  return roots;
}

export const readCategories = (
  database: Reader,
  by: keyof typeof categoryKeys,
  keys: readonly string[],
): Promise<CategoryRecord[]> => database.$queryRaw`
  SELECT ${categoryColumns} FROM category k WHERE ${categoryKeys[by]} = ANY(${[...keys]}::text[])`;

/** The categories right below each of these, in the shop's order. */
export async function readChildren(
  database: Reader,
  parentIds: readonly string[],
): Promise<Map<string, CategoryRecord[]>> {
  const rows = await database.$queryRaw<(CategoryRecord & { parentId: string })[]>`
    SELECT ${categoryColumns}, k.parent_id AS "parentId" FROM category k
    WHERE k.parent_id = ANY(${[...parentIds]}::text[]) ORDER BY k.position, k.handle`;
  const byParent = new Map<string, CategoryRecord[]>();
  for (const { parentId, ...category } of rows) byParent.set(parentId, [...(byParent.get(parentId) ?? []), category]);
  return byParent;
}

/** Active products in each of these categories and below, by category id. One statement. */
export async function countProducts(database: Reader, categoryIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await database.$queryRaw<{ id: string; count: number }[]>`
    SELECT k.id, count(DISTINCT pk.product_id)::int AS count
    FROM category k
    JOIN category below ON below.path @> ARRAY[k.handle]
    JOIN product_category pk ON pk.category_id = below.id
    JOIN product p ON p.id = pk.product_id AND p.status = 'ACTIVE'
    WHERE k.id = ANY(${[...categoryIds]}::text[])
    GROUP BY k.id`;
  return new Map(rows.map(({ id, count }) => [id, count]));
}

const collectionKeys = { id: Prisma.sql`l.id`, handle: Prisma.sql`l.handle` };

export const readCollections = (
  database: Reader,
  by: keyof typeof collectionKeys,
  keys: readonly string[],
): Promise<CollectionRecord[]> => database.$queryRaw`
  SELECT l.id, l.handle, l.title FROM collection l WHERE ${collectionKeys[by]} = ANY(${[...keys]}::text[])`;
