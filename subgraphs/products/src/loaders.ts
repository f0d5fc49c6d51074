import type { Viewer } from '@mercato/auth';
import DataLoader from 'dataloader';
import type { CategoryRecord } from './domain/catalog/category-record.ts';
import type { CollectionRecord, ProductPart, ProductRecord, VariantRecord } from './domain/catalog/product-record.ts';
import { countProducts, readCategories, readChildren, readCollections } from './domain/catalog/read-categories.ts';
import { readProducts, readVariants } from './domain/catalog/read-products.ts';
import { visibleByReference, visibleStatuses } from './domain/catalog/visibility.ts';
import type { ProductsDatabase } from './domain/database.ts';
import { isStorable } from './domain/storable-text.ts';
import type { ProductStatus } from './generated/prisma/enums.ts';

type Loader<Value> = DataLoader<string, Value | null>;

/** Reads of one call: whatever is asked for in the same moment is one statement. */
export interface Loaders {
  /** Products the viewer may open, with these parts. */
  product(by: 'id' | 'handle', parts: ReadonlySet<ProductPart>): Loader<ProductRecord>;
  /** Products that were found or referred to already, whatever their status. */
  knownProduct(parts: ReadonlySet<ProductPart>): Loader<ProductRecord>;
  /** Variants that were found or changed already, by id. */
  readonly knownVariant: Loader<VariantRecord>;
  /** Variants the viewer may find. */
  variant(by: 'id' | 'sku'): Loader<VariantRecord>;
  /** Variants that another domain refers to. */
  referredVariant(by: 'id' | 'sku'): Loader<VariantRecord>;
  category(by: 'id' | 'handle'): Loader<CategoryRecord>;
  collection(by: 'id' | 'handle'): Loader<CollectionRecord>;
  /** By the id of the category above. */
  readonly categoryChildren: DataLoader<string, CategoryRecord[]>;
  /** By the id of the category. */
  readonly productCount: DataLoader<string, number>;
}

const everyStatus: readonly ProductStatus[] = ['DRAFT', 'ACTIVE', 'ARCHIVED'];

export function createLoaders(database: ProductsDatabase, viewer: Viewer): Loaders {
  const once = remember();
  const products = (by: 'id' | 'handle', statuses: readonly ProductStatus[], parts: ReadonlySet<ProductPart>) =>
    once(`product ${by} ${statuses} ${[...parts].sort()}`, () =>
      loaderBy(by, (keys: readonly string[]) => readProducts(database, by, keys, statuses, parts)),
    );
  const variants = (by: 'id' | 'sku', statuses: readonly ProductStatus[]) =>
    once(`variant ${by} ${statuses}`, () =>
      loaderBy(by, (keys: readonly string[]) => readVariants(database, by, keys, statuses)),
    );

  return {
    product: (by, parts) => products(by, visibleStatuses(viewer), parts),
    knownProduct: (parts) => products('id', everyStatus, parts),
    knownVariant: variants('id', everyStatus),
    variant: (by) => variants(by, visibleStatuses(viewer)),
    referredVariant: (by) => variants(by, visibleByReference(viewer)),
    category: (by) => once(`category ${by}`, () => loaderBy(by, (keys) => readCategories(database, by, keys))),
    collection: (by) => once(`collection ${by}`, () => loaderBy(by, (keys) => readCollections(database, by, keys))),
    categoryChildren: new DataLoader(async (ids: readonly string[]) => {
      const found = await readChildren(database, ids);
      return ids.map((id) => found.get(id) ?? []);
    }),
    productCount: new DataLoader(async (ids: readonly string[]) => {
      const found = await countProducts(database, ids);
      return ids.map((id) => found.get(id) ?? 0);
    }),
  };
}

/** A loader of rows by one of their columns; null where there is none. */
function loaderBy<Key extends string, Row extends Readonly<Record<Key, string>>>(
  key: Key,
  read: (keys: readonly string[]) => Promise<readonly Row[]>,
): Loader<Row> {
  return new DataLoader<string, Row | null>(async (keys) => {
    const found = new Map<string, Row>((await read(keys.filter(isStorable))).map((row) => [row[key], row]));
    return keys.map((wanted) => found.get(wanted) ?? null);
  });
}

/** Makes each thing when it is first asked for by its name, and gives the same one from then on. */
function remember(): <Value>(name: string, make: () => Value) => Value {
  const made = new Map<string, unknown>();
  return <Value>(name: string, make: () => Value): Value => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as Value;
  };
}
