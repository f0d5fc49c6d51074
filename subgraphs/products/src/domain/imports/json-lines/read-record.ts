import { parseAmount } from '@mercato/money';
import type { StoredPicture } from '../../catalog/product-draft.ts';
import type { PriceRecord } from '../../catalog/product-record.ts';
import type { FileRecord, ImportedMedia, ImportedVariant, RowError } from '../imported-product.ts';
import type { JsonRecord } from './record-schema.ts';
import { valueAt } from './value-at.ts';

type JsonVariant = JsonRecord['variants'][number];

/** Pictures that are in our storage already, by the name the seed gives them. */
export type SeedPictures = ReadonlyMap<string, StoredPicture>;

export interface Where {
  readonly line: number;
  readonly currency: string;
  readonly pictures: SeedPictures;
}

/** The product that a record means, or what of it cannot be used: then the whole line is refused. */
export function readRecord(record: JsonRecord, where: Where): FileRecord {
  const { line } = where;
  const errors: RowError[] = [];
  const refuse = (path: string, rule: string) => {
    errors.push({ line, column: path, message: `${path} ${rule}.`, value: valueAt(record, path.split('.')) });
  };
  const variants = record.variants.map((variant, index) =>
    readVariant(variant, record, where, (field, rule) => refuse(`variants.${index}.${field}`, rule)),
  );
  const media = record.media?.map((picture, index) =>
    readPicture(picture, where, (rule) => refuse(`media.${index}`, rule)),
  );
  if (errors.length > 0) return { lines: [line], product: null, errors };

  const { handle, title, description, vendor, status, tags, categories, options } = record;
  return {
    lines: [line],
    errors,
    product: {
      handle,
      fields: {
        ...(title !== undefined && { title }),
        ...(description !== undefined && { description }),
        ...(vendor !== undefined && { vendor }),
        ...(status !== undefined && { status }),
        ...(tags !== undefined && { tags }),
        ...(categories !== undefined && { categories }),
      },
      newCategories: new Map(),
      optionNames: (options ?? []).map(({ name }) => name),
      optionValues: (options ?? []).map(({ values }) => values),
      variants,
      ...(media && { media: media.flatMap((each) => each ?? []) }),
      locate: (path) => ({ line, column: path.join('.'), value: valueAt(record, path) }),
    },
  };
}

function readVariant(
  variant: JsonVariant,
  { options }: JsonRecord,
  { line, currency: usual }: Where,
  refuse: (field: string, rule: string) => void,
): ImportedVariant {
  const currency = variant.currency ?? usual;
  const read = (field: string, text: string, of: string): bigint => {
    const parsed = parseAmount(text, of);
    if (parsed.kind === 'ok') return parsed.amount;
    refuse(field, parsed.reason);
    return 0n;
  };
  const prices: PriceRecord[] = [
    {
      currency,
      amount: read('price', variant.price, currency),
      compareAt:
        typeof variant.compareAtPrice === 'string' ? read('compareAtPrice', variant.compareAtPrice, currency) : null,
    },
    ...Object.entries(variant.prices ?? {}).map(([of, text]) => {
      if (of === currency) refuse(`prices.${of}`, 'is given as price already');
      return { currency: of, amount: read(`prices.${of}`, text, of), compareAt: null };
    }),
  ];
  const place = (name: string) => options?.findIndex((option) => option.name === name) ?? -1;
  const { barcode, weightInGrams, dimensionsInMillimetres, taxClass, quantity } = variant;
  return {
    line,
    sku: variant.sku?.trim() || null,
    selectedOptions: Object.entries(variant.selectedOptions ?? {})
      .map(([name, value]) => ({ name, value }))
      .sort((a, b) => place(a.name) - place(b.name)),
    prices,
    fields: {
      ...(barcode !== undefined && { barcode }),
      ...(weightInGrams !== undefined && {
        weight: weightInGrams ? { value: weightInGrams, unit: 'GRAM' as const } : null,
      }),
      ...(dimensionsInMillimetres !== undefined && { dimensions: dimensionsInMillimetres }),
      ...(taxClass !== undefined && { taxClass }),
    },
    quantity: quantity ?? null,
  };
}

function readPicture(
  { url, file, altText = null }: NonNullable<JsonRecord['media']>[number],
  { line, pictures }: Where,
  refuse: (rule: string) => void,
): ImportedMedia | null {
  const stored = file === undefined ? undefined : pictures.get(file);
  if (stored && url === undefined) return { line, draft: { sourceUrl: null, altText, stored } };
  if (url === undefined || file !== undefined) {
    refuse('wants a url to fetch the picture from');
    return null;
  }
  return { line, draft: { sourceUrl: url, altText, stored: null } };
}
