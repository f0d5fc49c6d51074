import type { PageArguments } from '@mercato/pagination';
import type { CategoryRecord } from './catalog/category-record.ts';
import { type CreateProduct, type CreateProductOutcome, createProduct } from './catalog/create-product.ts';
import { readCategoryTree } from './catalog/read-categories.ts';
import { type NewPrice, type UpdatePriceOutcome, updatePrice } from './catalog/update-price.ts';
import { type ProductChanges, type UpdateProductOutcome, updateProduct } from './catalog/update-product.ts';
import type { ProductsDatabase } from './database.ts';
import type { ImportRecord } from './imports/import-record.ts';
import { type ErrorConnection, findImport, listErrors } from './imports/read-imports.ts';
import { type StartImport, type StartImportOutcome, startImport } from './imports/start-import.ts';
import type { Warehouses } from './imports/warehouses.ts';
import { postgresSearch } from './search/postgres/postgres-search.ts';
import type { SearchIndex } from './search/search-index.ts';
import type { Storage } from './storage/storage.ts';

export interface DomainOptions {
  readonly database: ProductsDatabase;
  readonly storage: Storage;
  readonly warehouses: Warehouses;
  /** Gives an import to a worker. It must not fail: the import is saved by then, and found again by the worker. */
  readonly queueImport: (importId: string) => Promise<void>;
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
  startImport(start: StartImport): Promise<StartImportOutcome>;
  findImport(id: string): Promise<ImportRecord | null>;
  listImportErrors(id: string, page: PageArguments): Promise<ErrorConnection>;
}

export function createDomain({ database, storage, warehouses, queueImport, shop }: DomainOptions): Domain {
  const search = postgresSearch(database);
  return {
    shop,
    search,
    categoryTree: () => readCategoryTree(database),
    createProduct: (product) => createProduct(database, search, product),
    updateProduct: (update) => updateProduct(database, search, update),
    updatePrice: (price) => updatePrice(database, price),
    startImport: async (start) => {
      const outcome = await startImport({ database, storage, warehouses }, start);
      if (outcome.kind === 'queued') await queueImport(outcome.record.id);
      return outcome;
    },
    findImport: (id) => findImport(database, id),
    listImportErrors: (id, page) => listErrors(database, id, page),
  };
}
