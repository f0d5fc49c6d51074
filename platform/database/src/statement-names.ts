import { createHash } from 'node:crypto';

/** Distinct texts that are watched; more come only from lists of ever new lengths, which are not worth a name. */
const mostWatched = 5_000;

/**
 * Names for prepared statements, so that Postgres plans what is asked over and over once a connection and not each
 * time. Only texts that come again get one, and only so many, as each connection keeps all of them to its end. The
 * empty name means unprepared.
 */
export function statementNames(mostNames = 300): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  const seen = new Set<string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= mostNames) return '';
    if (!seen.has(sql)) {
      if (seen.size >= mostWatched) seen.clear();
      seen.add(sql);
      return '';
    }
    seen.delete(sql);
    const name = createHash('sha256').update(sql).digest('base64url').slice(0, 32);
    names.set(sql, name);
    return name;
  };
}
