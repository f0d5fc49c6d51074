import type { SelectedOption } from '../../catalog/product-draft.ts';
import type { ImportedVariant, RowError } from '../imported-product.ts';
import { amount, bad, type Cell, quantity, taxClass, weight } from './cells.ts';
import { columns, optionColumns } from './columns.ts';
import type { Row } from './rows.ts';

type ReadVariant =
  | { readonly kind: 'ok'; readonly value: ImportedVariant }
  | { readonly kind: 'bad'; readonly errors: RowError[] };

/** What a row says of its variant, or every mistake on it. */
export function readVariantRow(row: Row, optionNames: readonly string[], currency: string): ReadVariant {
  const errors: RowError[] = [];
  const take = <Value>(cell: Cell<Value>): Value | undefined => {
    if (cell.kind === 'ok') return cell.value;
    errors.push(cell.error);
    return undefined;
  };
  const price = take(amount(row, columns.price, currency));
  if (price === null) errors.push(bad(row, columns.price, 'is missing').error);
  const compareAt = take(amount(row, columns.compareAtPrice, currency)) ?? null;
  const weighed = take(weight(row)) ?? null;
  const taxed = take(taxClass(row));
  const inStock = take(quantity(row)) ?? null;
  const selected = take(selectedOptions(row, optionNames)) ?? [];
  const barcode = row.cell(columns.barcode);
  if (errors.length > 0 || typeof price !== 'bigint') return { kind: 'bad', errors };
  return {
    kind: 'ok',
    value: {
      line: row.line,
      sku: row.cell(columns.sku) || null,
      selectedOptions: selected,
      prices: [{ currency, amount: price, compareAt: compareAt === 0n ? null : compareAt }],
      fields: {
        ...(barcode !== undefined && { barcode: barcode || null }),
        ...(row.cell(columns.grams) !== undefined && { weight: weighed }),
        ...(taxed !== undefined && { taxClass: taxed }),
      },
      quantity: inStock,
    },
  };
}

function selectedOptions(row: Row, names: readonly string[]): Cell<SelectedOption[]> {
  const selected: SelectedOption[] = [];
  for (const [n, column] of optionColumns.entries()) {
    const name = names[n];
    const value = row.cell(column.value);
    if (name === undefined) {
      if (value && !(n === 0 && value === 'Default Title'))
        return bad(row, column.value, 'belongs to an option without a name');
      continue;
    }
    if (!value) return bad(row, column.value, `is missing; the product has the option ${name}`);
    selected.push({ name, value });
  }
  return { kind: 'ok', value: selected };
}
