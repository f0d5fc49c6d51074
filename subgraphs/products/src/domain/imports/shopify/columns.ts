import { UnreadableFile } from '../unreadable-file.ts';

/** The columns of Shopify's product CSV that mean something here; others are passed over. */
export const columns = {
  handle: 'Handle',
  title: 'Title',
  body: 'Body (HTML)',
  vendor: 'Vendor',
  type: 'Type',
  tags: 'Tags',
  published: 'Published',
  status: 'Status',
  sku: 'Variant SKU',
  grams: 'Variant Grams',
  weightUnit: 'Variant Weight Unit',
  quantity: 'Variant Inventory Qty',
  price: 'Variant Price',
  compareAtPrice: 'Variant Compare At Price',
  taxable: 'Variant Taxable',
  barcode: 'Variant Barcode',
  imageSource: 'Image Src',
  imagePosition: 'Image Position',
  imageAltText: 'Image Alt Text',
} as const;

export const optionColumns = [1, 2, 3].map((n) => ({ name: `Option${n} Name`, value: `Option${n} Value` }));

const required = [columns.handle, columns.title, columns.price];

/** Where each column of a file stands. */
export class Header {
  readonly #places: ReadonlyMap<string, number>;
  readonly width: number;

  /** @throws UnreadableFile that names the columns which are missing or there twice */
  constructor(fields: readonly string[], line: number) {
    const names = fields.map((name) => name.trim());
    this.width = names.length;
    this.#places = new Map(names.map((name, place) => [name.toLowerCase(), place]));
    const missing = required.filter((name) => !this.has(name));
    if (missing.length > 0) {
      const hint = names.length === 1 ? ' Separate columns by commas.' : '';
      throw new UnreadableFile(`The header lacks ${list(missing)}, so this is no Shopify product CSV.${hint}`, line);
    }
    const twice = [...Object.values(columns)].filter(
      (name) => names.filter((each) => each.toLowerCase() === name.toLowerCase()).length > 1,
    );
    if (twice.length > 0) throw new UnreadableFile(`The header names ${list(twice)} twice.`, line);
  }

  has(column: string): boolean {
    return this.#places.has(column.toLowerCase());
  }

  /** The cell without spaces around it; undefined without such a column. */
  cell(fields: readonly string[], column: string): string | undefined {
    const place = this.#places.get(column.toLowerCase());
    return place === undefined ? undefined : (fields[place] ?? '').trim();
  }
}

const list = (names: readonly string[]) =>
  `${names.length === 1 ? 'the column' : 'the columns'} ${names.map((name) => `"${name}"`).join(', ')}`;
