const remembered = new Map<string, string>();
const mostRemembered = 1_000;

const name = /"?(\w+)"?(?:\s*\.\s*"?(\w+)"?)?/.source;
const place = new RegExp(`\\b(?:FROM|INTO|UPDATE)\\s+(?:ONLY\\s+)?${name}`, 'i');
const verb = /^[\s(]*(?:--[^\n]*\n\s*)*(\w+)/;

/** What a statement does to what, such as `SELECT variant`: never its values, which its text may hold. */
export function statementSummary(sql: string): string {
  const known = remembered.get(sql);
  if (known !== undefined) return known;
  const [, schema, table = schema] = place.exec(sql) ?? [];
  const doing = verb.exec(sql)?.[1]?.toUpperCase() ?? 'STATEMENT';
  const summary = table === undefined ? doing : `${doing} ${table}`;
  if (remembered.size < mostRemembered) remembered.set(sql, summary);
  return summary;
}
