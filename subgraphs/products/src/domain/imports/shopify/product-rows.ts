import { slug } from '../../catalog/slug.ts';
import { htmlToText } from '../html-to-text.ts';
import type { FileRecord, ImportedMedia, ImportedProduct, ImportedVariant, RowError } from '../imported-product.ts';
import { refuseRecord } from '../refuse-record.ts';
import { bad, status } from './cells.ts';
import { columns, optionColumns } from './columns.ts';
import type { Row } from './rows.ts';
import { readVariantRow } from './variant-row.ts';

/** The rows of one product, which stand together; what is of the product stands on the first. */
export interface ProductRows {
  readonly handle: string | null;
  readonly rows: Row[];
  readonly lines: number[];
  readonly errors: RowError[];
}

/** What the rows say of their product. A bad row is left out; a mistake in what is of the product refuses them all. */
export function readProductRows({ rows, lines, errors: before }: ProductRows, currency: string): FileRecord {
  const [first] = rows;
  if (!first) return { lines, product: null, errors: before };
  const fields = readFields(first);
  const options = readOptionNames(first);
  const mistakes = [fields, options].flatMap((each) => (each.kind === 'bad' ? [each.error] : []));
  if (fields.kind === 'bad' || options.kind === 'bad') return refuseRecord(lines, [...before, ...mistakes]);

  const errors: RowError[] = [...before];
  const variants: ImportedVariant[] = [];
  const pictures: (ImportedMedia & { position: number })[] = [];
  for (const row of rows) {
    const picture = readPicture(row);
    if (row !== first && !isVariant(row)) {
      if (picture) pictures.push(picture);
      continue;
    }
    const variant = readVariantRow(row, options.value ?? [], currency);
    if (variant.kind === 'bad') {
      errors.push(...variant.errors);
      continue;
    }
    variants.push(variant.value);
    if (picture) pictures.push(picture);
  }
  const product: Omit<ImportedProduct, 'locate'> = {
    handle: first.handle,
    fields: fields.value,
    newCategories: newCategories(first),
    optionNames: options.value,
    variants,
    ...(first.cell(columns.imageSource) !== undefined && {
      media: pictures.sort((a, b) => a.position - b.position).map(({ line, draft }) => ({ line, draft })),
    }),
  };
  return { lines, errors, product: { ...product, locate: locator(product, rows, first) } };
}

const isVariant = (row: Row) =>
  [columns.sku, columns.price, ...optionColumns.map(({ value }) => value)].some((column) => row.cell(column));

function readFields(row: Row) {
  const state = status(row);
  if (state.kind === 'bad') return state;
  const type = row.cell(columns.type);
  if (type && slug(type) === '') return bad(row, columns.type, 'must hold letters or digits to name a category');
  const body = row.cell(columns.body);
  const vendor = row.cell(columns.vendor);
  const tags = row.cell(columns.tags);
  const title = row.cell(columns.title);
  const value: ImportedProduct['fields'] = {
    ...(title && { title }),
    ...(body !== undefined && { description: htmlToText(body) || null }),
    ...(vendor !== undefined && { vendor: vendor || null }),
    ...(tags !== undefined && { tags: [...new Set(tags.split(',').map((tag) => tag.trim()))].filter(Boolean) }),
    ...(type && { categories: [slug(type)] }),
    ...(state.value && { status: state.value }),
  };
  return { kind: 'ok' as const, value };
}

const newCategories = (row: Row): ReadonlyMap<string, string> => {
  const type = row.cell(columns.type);
  return new Map(type ? [[slug(type), type]] : []);
};

/** A product without options bears Shopify's mark for it: an option `Title` with the value `Default Title`. */
function readOptionNames(row: Row) {
  const names = optionColumns.map(({ name }) => row.cell(name));
  if (names.every((name) => name === undefined)) return { kind: 'ok' as const, value: null };
  const gap = names.findIndex((name, n) => !name && names.slice(n + 1).some(Boolean));
  if (gap >= 0) {
    return bad(row, optionColumns[gap]?.name ?? '', 'is blank although a later option has a name');
  }
  const given = names.flatMap((name) => name || []);
  const unmarked = given.length === 1 && given[0] === 'Title' && row.cell('Option1 Value') === 'Default Title';
  return { kind: 'ok' as const, value: unmarked ? [] : given };
}

function readPicture(row: Row): (ImportedMedia & { position: number }) | null {
  const sourceUrl = row.cell(columns.imageSource);
  if (!sourceUrl) return null;
  const position = Number(row.cell(columns.imagePosition) || Number.POSITIVE_INFINITY);
  return {
    line: row.line,
    position: Number.isNaN(position) ? Number.POSITIVE_INFINITY : position,
    draft: { sourceUrl, altText: row.cell(columns.imageAltText) || null, stored: null },
  };
}

const productColumns: Readonly<Record<string, string>> = {
  handle: columns.handle,
  title: columns.title,
  description: columns.body,
  vendor: columns.vendor,
  tags: columns.tags,
  categories: columns.type,
  options: 'Option1 Name',
};

const partColumns: Readonly<Record<string, string>> = {
  sku: columns.sku,
  price: columns.price,
  compareAtPrice: columns.compareAtPrice,
  selectedOptions: 'Option1 Value',
  barcode: columns.barcode,
  weight: columns.grams,
  url: columns.imageSource,
  altText: columns.imageAltText,
};

function locator(
  { variants, media }: Omit<ImportedProduct, 'locate'>,
  rows: readonly Row[],
  first: Row,
): ImportedProduct['locate'] {
  const rowOn = new Map(rows.map((row) => [row.line, row]));
  return ([field = '', index, part = '']) => {
    const place = { variants, media }[field]?.[Number(index)];
    const row = (place && rowOn.get(place.line)) ?? first;
    const column = (place ? partColumns[part] : productColumns[field]) ?? null;
    return { line: row.line, column, value: column === null ? null : (row.cell(column) ?? null) };
  };
}
