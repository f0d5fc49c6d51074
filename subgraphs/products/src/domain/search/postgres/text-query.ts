import { Prisma } from '../../../generated/prisma/client.ts';
import { searchWords } from './search-words.ts';

/**
 * Two common table expressions: `text_query` with what products must match and be ranked by, and `exact_hit` with the
 * ids of products whose handle or sku is just what was typed.
 *
 * Every word has to be found, by its stem; the last one also as the beginning of a word. A word that nothing in the
 * catalog begins with or stems from is taken for a typing error, and replaced by the words closest to it: candidates by
 * trigram, or with the same first letter and about the same length (a short word with two letters swapped shares few
 * trigrams with the right one), the nearest of them by edit distance.
 */
export function textQuery(search: string): Prisma.Sql {
  const typed = search.trim();
  return Prisma.sql`
    typed_word AS (
      SELECT unaccent(w.word) AS word, w.n, w.n = max(w.n) OVER () AS is_last,
        (ts_lexize('english_stem', unaccent(w.word)))[1] AS stem
      FROM unnest(${searchWords(typed)}::text[]) WITH ORDINALITY AS w (word, n)
    ),
    known_word AS (
      SELECT t.*, EXISTS (
        SELECT 1 FROM search_word v
        WHERE v.stem = t.stem OR v.word = t.word OR (t.is_last AND v.word LIKE t.word || '%')) AS is_known
      FROM typed_word t
    ),
    word_query AS (
      SELECT k.n, CASE
        WHEN k.is_known AND k.is_last THEN to_tsquery('catalog', k.word) || to_tsquery('catalog_exact', k.word || ':*')
        WHEN k.is_known OR k.stem IS NULL THEN to_tsquery('catalog', k.word)
        ELSE coalesce(${correction}, to_tsquery('catalog_exact', k.word))
        END AS query
      FROM known_word k
    ),
    text_query AS MATERIALIZED (
      SELECT string_agg('(' || query::text || ')', ' & ' ORDER BY n)::tsquery AS must_match,
        string_agg('(' || query::text || ')', ' | ' ORDER BY n)::tsquery AS ranked_by
      FROM word_query WHERE numnode(query) > 0
    ),
    exact_hit AS MATERIALIZED (
      SELECT id FROM product WHERE handle = lower(${typed})
      UNION SELECT product_id FROM product_variant WHERE lower(sku) = lower(${typed})
    )`;
}

/** Words of at least four letters may be one letter off, of five and more two. */
const correction = Prisma.sql`(
  SELECT to_tsquery('catalog', string_agg(quote_literal(near.word), ' | '))
  FROM (
    SELECT v.word, rank() OVER (ORDER BY levenshtein(v.word, k.word)) AS distance_rank
    FROM search_word v
    WHERE (v.word % k.word
        OR (v.word LIKE left(k.word, 1) || '%' AND length(v.word) BETWEEN length(k.word) - 1 AND length(k.word) + 1))
      AND levenshtein(v.word, k.word) <= CASE WHEN length(k.word) < 4 THEN 0 WHEN length(k.word) < 5 THEN 1 ELSE 2 END
    ORDER BY distance_rank, similarity(v.word, k.word) DESC, v.word
    LIMIT 4
  ) near WHERE near.distance_rank = 1)`;

/** Products that match the text. */
export const matchesText = Prisma.sql`p.id IN (
  SELECT id FROM product WHERE search_vector @@ (SELECT must_match FROM text_query) UNION SELECT id FROM exact_hit)`;

/**
 * How well a product matches: title before vendor, category and sku, before tags and option values, before the
 * description; a handle or sku hit exactly comes before everything.
 */
export const textScore = Prisma.sql`(
  coalesce(ts_rank('{0.05, 0.2, 0.4, 1.0}', p.search_vector, (SELECT ranked_by FROM text_query)), 0)::float8
  + CASE WHEN p.id IN (SELECT id FROM exact_hit) THEN 100 ELSE 0 END)`;
