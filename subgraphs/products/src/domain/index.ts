import type { CategoryRecord } from './catalog/category-record.ts';
import { readCategoryTree } from './catalog/read-categories.ts';
import type { ProductsDatabase } from './database.ts';

export interface DomainOptions {
  readonly database: ProductsDatabase;
  readonly shop: ShopSettings;
}

export interface ShopSettings {
  /** In which prices are answered when the client names no currency. */
  readonly currency: string;
  /** Where people reach this service's pictures, without a slash at the end. */
  readonly mediaPublicUrl: string;
}

/** What the catalog can do, bound to what it needs. */
export interface Domain {
  readonly shop: ShopSettings;
  categoryTree(): Promise<CategoryRecord[]>;
}

export const createDomain = ({ database, shop }: DomainOptions): Domain => ({
  shop,
  categoryTree: () => readCategoryTree(database),
});
