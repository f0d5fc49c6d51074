import { parseAmount } from '@mercato/money';
import type { ProductStatus, WeightUnit } from '../../../generated/prisma/enums.ts';
import { fromGrams, type Weight } from '../../catalog/weight.ts';
import type { RowError } from '../imported-product.ts';
import { columns } from './columns.ts';
import type { Row } from './rows.ts';

/** A value, or why the cell holds none. */
export type Cell<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'bad'; readonly error: RowError };

const ok = <Value>(value: Value): Cell<Value> => ({ kind: 'ok', value });

export const bad = (row: Row, column: string, rule: string): { kind: 'bad'; error: RowError } => ({
  kind: 'bad',
  error: { line: row.line, column, message: `${column} ${rule}.`, value: row.cell(column) ?? null },
});

const units: Readonly<Record<string, WeightUnit>> = { '': 'GRAM', g: 'GRAM', kg: 'KILOGRAM', oz: 'OUNCE', lb: 'POUND' };

/** Minor units; null for a blank cell. */
export function amount(row: Row, column: string, currency: string): Cell<bigint | null> {
  const text = row.cell(column);
  if (!text) return ok(null);
  const parsed = parseAmount(text, currency);
  if (parsed.kind === 'invalid') return bad(row, column, parsed.reason);
  return parsed.amount < 0n ? bad(row, column, 'must not be negative') : ok(parsed.amount);
}

/** Shopify writes 0 for a weight it does not know. The unit is the one to show; the number is always of grams. */
export function weight(row: Row): Cell<Weight | null> {
  const unit = units[(row.cell(columns.weightUnit) ?? '').toLowerCase()];
  if (!unit) return bad(row, columns.weightUnit, 'must be g, kg, oz or lb');
  const text = row.cell(columns.grams);
  if (!text) return ok(null);
  const grams = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(grams <= 10_000_000)) return bad(row, columns.grams, 'must be a number of grams from 0 to 10000000');
  return ok(grams === 0 ? null : fromGrams(grams, unit));
}

export function quantity(row: Row): Cell<number | null> {
  const text = row.cell(columns.quantity);
  if (!text) return ok(null);
  return /^\d{1,9}$/.test(text)
    ? ok(Number(text))
    : bad(row, columns.quantity, 'must be a whole number from 0 to 999999999');
}

const yes = new Set(['true', 'yes', '1']);
const no = new Set(['false', 'no', '0']);

function flag(row: Row, column: string): Cell<boolean | null> {
  const text = (row.cell(column) ?? '').toLowerCase();
  if (text === '') return ok(null);
  if (yes.has(text)) return ok(true);
  return no.has(text) ? ok(false) : bad(row, column, 'must be true or false');
}

/** Variants that Shopify does not tax are of the class `exempt`. Undefined without the column. */
export function taxClass(row: Row): Cell<string | undefined> {
  if (row.cell(columns.taxable) === undefined) return ok(undefined);
  const taxable = flag(row, columns.taxable);
  if (taxable.kind === 'bad') return taxable;
  return ok(taxable.value === false ? 'exempt' : 'standard');
}

const statuses: Readonly<Record<string, ProductStatus>> = { active: 'ACTIVE', draft: 'DRAFT', archived: 'ARCHIVED' };

/** An active product that is not published is not on sale: a draft. Undefined when the file says neither. */
export function status(row: Row): Cell<ProductStatus | undefined> {
  const published = flag(row, columns.published);
  if (published.kind === 'bad') return published;
  const text = row.cell(columns.status);
  if (text) {
    const named = statuses[text.toLowerCase()];
    if (!named) return bad(row, columns.status, 'must be active, draft or archived');
    return ok(named === 'ACTIVE' && published.value === false ? 'DRAFT' : named);
  }
  if (published.value === null) return ok(undefined);
  return ok(published.value ? 'ACTIVE' : 'DRAFT');
}
