import type { Reader } from '../../database.ts';
import { toStorable } from '../../storable-text.ts';
import type { Suggestion } from '../search-index.ts';

/** Fewer letters begin too many words to be of help. */
const fewestLetters = 2;

/**
 * Titles that begin with what was typed, then categories and vendors that do, then titles with a word that does, then
 * titles with a word that resembles it. A title that several products share leads to none of them.
 */
export async function suggest(database: Reader, prefix: string, first: number): Promise<Suggestion[]> {
  const typed = toStorable(prefix).normalize('NFKC').trim().replaceAll(/\s+/g, ' ').slice(0, 100);
  if ([...typed].length < fewestLetters) return [];
  const pattern = typed.replaceAll(/[\\%_]/g, '\\$&');
  return database.$queryRaw<Suggestion[]>`
    WITH typed AS MATERIALIZED (SELECT lower(unaccent(${typed})) AS word, lower(unaccent(${pattern})) AS pattern),
    found AS (
      SELECT p.title AS text, p.id, CASE
        WHEN p.sort_title LIKE t.pattern || '%' THEN 1 WHEN p.sort_title LIKE '% ' || t.pattern || '%' THEN 3 ELSE 4
        END AS rank, 1 - word_similarity(t.word, p.sort_title) AS distance
      FROM product p, typed t
      WHERE p.status = 'ACTIVE' AND (p.sort_title LIKE t.pattern || '%' OR p.sort_title LIKE '% ' || t.pattern || '%'
        OR t.word <% p.sort_title)
      UNION ALL
      SELECT k.title, NULL, 2, 0 FROM category k, typed t
      WHERE lower(unaccent(k.title)) LIKE t.pattern || '%' AND EXISTS (
        SELECT 1 FROM category below JOIN product_category pk ON pk.category_id = below.id
        JOIN product p ON p.id = pk.product_id WHERE below.path @> ARRAY[k.handle] AND p.status = 'ACTIVE')
      UNION ALL
      SELECT DISTINCT p.vendor, NULL, 2, 0 FROM product p, typed t
      WHERE p.status = 'ACTIVE' AND lower(p.vendor) LIKE t.pattern || '%'
    )
    SELECT text, CASE WHEN count(*) = 1 THEN min(id) END AS "productId"
    FROM found GROUP BY text ORDER BY min(rank), min(distance), length(text), text LIMIT ${first}`;
}
