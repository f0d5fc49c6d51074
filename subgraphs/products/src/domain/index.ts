import type { CategoryRecord } from './catalog/category-record.ts';
import { type CreateProduct, type CreateProductOutcome, createProduct } from './catalog/create-product.ts';
import { readCategoryTree } from './catalog/read-categories.ts';
import { type NewPrice, type UpdatePriceOutcome, updatePrice } from './catalog/update-price.ts';
import { type ProductChanges, type UpdateProductOutcome, updateProduct } from './catalog/update-product.ts';
import type { ProductsDatabase } from './database.ts';
import { postgresSearch } from './search/postgres/postgres-search.ts';
import type { SearchIndex } from './search/search-index.ts';

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
  readonly search: SearchIndex;
  categoryTree(): Promise<CategoryRecord[]>;
  createProduct(product: CreateProduct): Promise<CreateProductOutcome>;
  updateProduct(update: {
    id: string;
    changes: ProductChanges;
    expectedUpdatedAt: Date | null;
  }): Promise<UpdateProductOutcome>;
  updatePrice(price: NewPrice): Promise<UpdatePriceOutcome>;
}

export function createDomain({ database, shop }: DomainOptions): Domain {
  const search = postgresSearch(database);
  return {
    shop,
    search,
    categoryTree: () => readCategoryTree(database),
    createProduct: (product) => createProduct(database, search, product),
    updateProduct: (update) => updateProduct(database, search, update),
    updatePrice: (price) => updatePrice(database, price),
  };
}
