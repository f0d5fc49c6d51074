import { expect, test } from 'vitest';
import { statementSummary } from '../src/statement-summary.ts';

test.each([
  ['SELECT "public"."variant"."id" FROM "public"."variant" WHERE "sku" = $1', 'SELECT variant'],
  ['select count(*) from stock_level', 'SELECT stock_level'],
  ['INSERT INTO outbox_event (id) SELECT r.id FROM jsonb_to_recordset($1)', 'INSERT outbox_event'],
  ['UPDATE "reservation" SET state = $1', 'UPDATE reservation'],
  ['DELETE FROM ONLY cart WHERE id = $1', 'DELETE cart'],
  ['\n  WITH moved AS (UPDATE stock SET n = n + 1 RETURNING id) SELECT * FROM moved', 'WITH stock'],
  ['BEGIN', 'BEGIN'],
  ['', 'STATEMENT'],
])('%j is %s', (sql, summary) => {
  expect(statementSummary(sql)).toBe(summary);
  expect(statementSummary(sql)).toBe(summary);
});

test('values that stand in a text are not told', () => {
  expect(statementSummary("SELECT * FROM customer WHERE email = 'ada@shop.example'")).toBe('SELECT customer');
});
