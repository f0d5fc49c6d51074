import type { ProductStatus } from '../../generated/prisma/enums.ts';
import type { Transaction } from '../database.ts';

/**
 * What finds products. The implementation here is Postgres; another engine takes its place by answering the same
 * questions.
 */
export interface SearchIndex {
  /** One page of what matches; counts the whole only if asked. */
  find(query: ProductQuery, page: PageRequest, options: { count: boolean }): Promise<FoundPage>;
  /** Counts by property over all that matches, each without the filter it feeds itself. */
  facets(query: ProductQuery): Promise<Facet[]>;
  /** Completions of what was typed, best first, from what is on sale. */
  suggest(prefix: string, first: number): Promise<Suggestion[]>;
  /** Takes up what changed, within the transaction of the change. */
  refresh(tx: Transaction, productIds: readonly string[]): Promise<void>;
}

export type ProductSort = 'RELEVANCE' | 'PRICE_ASC' | 'PRICE_DESC' | 'NEWEST' | 'TITLE' | 'UPDATED_AT';

export interface ProductQuery {
  readonly search: string | null;
  readonly sort: ProductSort;
  /** Of price filters and price order. */
  readonly currency: string;
  readonly statuses: readonly ProductStatus[];
  readonly filter: ProductQueryFilter;
}

/** Conditions that must all hold; absent ones do not narrow. Amounts in minor units. */
export interface ProductQueryFilter {
  readonly category?: string;
  readonly collection?: string;
  readonly vendors?: readonly string[];
  readonly priceMin?: bigint;
  readonly priceMax?: bigint;
  readonly options?: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly inStock?: boolean;
  readonly updatedAfter?: Date;
  readonly handles?: readonly string[];
}

/** Where a product stands in an order: its sort key as text, and its id to tell equals apart. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

export interface PageRequest {
  readonly size: number;
  /** From the start onwards, or from the end backwards. */
  readonly direction: 'forward' | 'backward';
  readonly after: Position | null;
  readonly before: Position | null;
}

export interface FoundPage {
  readonly items: readonly Position[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Null unless it was asked for. */
  readonly totalCount: number | null;
}

/** A found page with the question it answers, so that facets can be counted when somebody selects them. */
export interface ProductPage extends FoundPage {
  readonly query: ProductQuery;
}

export interface Facet {
  readonly kind: 'CATEGORY' | 'VENDOR' | 'OPTION' | 'IN_STOCK';
  readonly name: string;
  readonly values: readonly { readonly value: string; readonly label: string; readonly count: number }[];
}

export interface Suggestion {
  readonly text: string;
  readonly productId: string | null;
}
