import type { PageArguments, PageInfo } from '@mercato/pagination';
import type { ProductStatus } from '../../generated/prisma/enums.ts';
import type { ProductPart } from '../catalog/product-record.ts';
import type { Transaction } from '../database.ts';

/**
 * What finds products. The implementation here is Postgres; another engine takes its place by answering the same
 * questions.
 */
export interface SearchIndex {
  /**
   * One page of what matches; counts the whole only if asked.
   * @throws GraphQLError BAD_USER_INPUT for page arguments or cursors that are none of this order.
   */
  find(query: ProductQuery, page: PageArguments, options: { count: boolean }): Promise<FoundPage>;
  /** Counts by property over all that matches, each without the filter that it feeds itself. */
  facets(query: ProductQuery): Promise<Facet[]>;
  /** Completions of what was typed, best first, from what is on sale. */
  suggest(prefix: string, first: number): Promise<Suggestion[]>;
  /** Takes up what changed, within the transaction of the change. */
  refresh(tx: Transaction, productIds: readonly string[]): Promise<void>;
}

export type ProductSort = 'RELEVANCE' | 'PRICE_ASC' | 'PRICE_DESC' | 'NEWEST' | 'TITLE' | 'UPDATED_AT';

export interface ProductQuery {
  /** Null, or at least one character that is no space. */
  readonly search: string | null;
  readonly sort: ProductSort;
  /** Of price filters and price order. */
  readonly currency: string;
  readonly statuses: readonly ProductStatus[];
  readonly filter: ProductConditions;
}

/** Conditions that must all hold; absent ones do not narrow. Amounts in minor units. */
export interface ProductConditions {
  readonly category?: string;
  readonly collection?: string;
  readonly vendors?: readonly string[];
  readonly priceMin?: bigint;
  readonly priceMax?: bigint;
  readonly options?: readonly OptionCondition[];
  readonly inStock?: boolean;
  readonly updatedAfter?: Date;
  readonly handles?: readonly string[];
}

export interface OptionCondition {
  readonly name: string;
  readonly values: readonly string[];
}

export interface FoundPage {
  readonly items: readonly { readonly id: string; readonly cursor: string }[];
  readonly pageInfo: PageInfo;
  /** Null unless it was asked for. */
  readonly totalCount: number | null;
}

/** A found page with the question it answers and what is wanted of its products. */
export interface ProductPage extends FoundPage {
  readonly query: ProductQuery;
  readonly parts: ReadonlySet<ProductPart>;
}

export interface Facet {
  readonly kind: FacetKind;
  readonly name: string;
  readonly values: FacetValue[];
}

export type FacetKind = 'CATEGORY' | 'VENDOR' | 'OPTION' | 'IN_STOCK';

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

export interface Suggestion {
  readonly text: string;
  readonly productId: string | null;
}
