import type { Viewer } from '@mercato/auth';
import { parseAmount } from '@mercato/money';
import { visibleInFeed, visibleStatuses } from '../catalog/visibility.ts';
import { toStorable } from '../storable-text.ts';
import type { ProductConditions, ProductQuery, ProductSort } from './search-index.ts';

/** A search as clients put it: amounts as decimal text, null for what was left out. */
export interface ProductQuestion {
  readonly search?: string | null;
  readonly sort?: ProductSort | null;
  readonly filter?: {
    readonly category?: string | null;
    readonly collection?: string | null;
    readonly vendors?: readonly string[] | null;
    readonly priceMin?: string | null;
    readonly priceMax?: string | null;
    readonly currency?: string | null;
    readonly options?: readonly { readonly name: string; readonly values: readonly string[] }[] | null;
    readonly inStock?: boolean | null;
    readonly updatedAfter?: Date | null;
    readonly handles?: readonly string[] | null;
  } | null;
}

export type ReadQuery =
  | { readonly kind: 'ok'; readonly query: ProductQuery }
  /** The sentence names the argument and the fix. */
  | { readonly kind: 'invalid'; readonly message: string };

/** At most so many entries a list; more would be no question a shop asks. */
const mostEntries = 100;

/** Empty lists of vendors and option values do not narrow; an empty list of handles finds nothing. */
export function readProductQuery(question: ProductQuestion, viewer: Viewer, shopCurrency: string): ReadQuery {
  const filter = question.filter ?? {};
  const currency = filter.currency ?? shopCurrency;
  const conditions: { -readonly [Key in keyof ProductConditions]: ProductConditions[Key] } = {};

  for (const name of ['vendors', 'options', 'handles'] as const) {
    if ((filter[name]?.length ?? 0) > mostEntries) {
      return invalid(`filter.${name} holds ${filter[name]?.length} entries; give at most ${mostEntries}.`);
    }
  }
  for (const name of ['priceMin', 'priceMax'] as const) {
    const text = filter[name];
    if (typeof text !== 'string') continue;
    const parsed = parseAmount(text, currency);
    if (parsed.kind === 'invalid') return invalid(`filter.${name} ${parsed.reason}.`);
    conditions[name] = parsed.amount;
  }
  if (typeof filter.category === 'string') conditions.category = toStorable(filter.category);
  if (typeof filter.collection === 'string') conditions.collection = toStorable(filter.collection);
  if (filter.vendors?.length) conditions.vendors = filter.vendors.map(toStorable);
  if (typeof filter.inStock === 'boolean') conditions.inStock = filter.inStock;
  if (filter.updatedAfter) conditions.updatedAfter = filter.updatedAfter;
  if (filter.handles) conditions.handles = filter.handles.map(toStorable);
  const options = (filter.options ?? [])
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => ({ name: toStorable(name), values: values.map(toStorable) }));
  if (options.length > 0) conditions.options = options;

  return {
    kind: 'ok',
    query: {
      search: toStorable(question.search ?? '').trim() || null,
      sort: question.sort ?? 'RELEVANCE',
      currency,
      statuses: conditions.updatedAfter ? visibleInFeed(viewer) : visibleStatuses(viewer),
      filter: conditions,
    },
  };
}

const invalid = (message: string): ReadQuery => ({ kind: 'invalid', message });
