import type { Reader } from '../../database.ts';
import type { SearchIndex } from '../search-index.ts';
import { facets } from './facets.ts';
import { find } from './find.ts';
import { refresh } from './refresh.ts';
import { suggest } from './suggest.ts';

/** Search by Postgres' full text, trigrams and edit distance; the index is a column of the product itself. */
export const postgresSearch = (database: Reader): SearchIndex => ({
  find: (query, page, options) => find(database, query, page, options),
  facets: (query) => facets(database, query),
  suggest: (prefix, first) => suggest(database, prefix, first),
  refresh,
});
