import { isDeepStrictEqual } from 'node:util';
import { checkDraft } from '../catalog/check-draft.ts';
import { duplicates, type Problem } from '../catalog/problem.ts';
import { draftOf, type ProductDraft } from '../catalog/product-draft.ts';
import type { WholeProduct } from '../catalog/product-record.ts';
import type { FileRecord, ImportedProduct, RowError } from './imported-product.ts';
import { mergeImported } from './merge-imported.ts';
import { refusedAlong } from './refuse-record.ts';

/** What is known beside the record itself. */
export interface Surroundings {
  readonly stored: WholeProduct | null;
  /** Handle of the product a sku belongs to, in the shop or in this file. */
  ownerOf(sku: string): string | undefined;
  readonly categories: ReadonlySet<string>;
}

export interface RecordPlan {
  readonly kind: 'create' | 'update' | 'unchanged' | 'refused';
  readonly draft: ProductDraft | null;
  /** Opening stock by sku, of the rows that were not refused. */
  readonly quantities: ReadonlyMap<string, number>;
  readonly errors: readonly RowError[];
  /** Rows that were refused. */
  readonly rejected: number;
}

/**
 * What to do with a record. A row with a mistake is left out and the product goes on without it; a mistake in what is
 * of the product as a whole, or in every row, refuses all.
 */
export function planRecord({ product, lines, errors }: FileRecord, around: Surroundings): RecordPlan {
  if (!product) return refused(lines, errors);
  const attempt = tryRows(product, around);
  if (attempt.wrongRows.length > 0) {
    const found = [...errors, ...attempt.wrongRows];
    const second = tryRows(withoutLines(product, found), around);
    return settle(lines, [...found, ...second.wrongRows], second, around);
  }
  return settle(lines, errors, attempt, around);
}

interface Attempt {
  readonly product: ImportedProduct;
  readonly draft: ProductDraft;
  /** Mistakes that refuse a row each. */
  readonly wrongRows: readonly RowError[];
  /** Mistakes that refuse the product. */
  readonly wrongProduct: readonly RowError[];
}

function tryRows(product: ImportedProduct, around: Surroundings): Attempt {
  const draft = mergeImported(product, around.stored);
  const problems = [...checkDraft(draft), ...foreignSkus(draft, around), ...unknownCategories(draft, product, around)];
  const isOfRow = ({ path: [field, index] }: Problem) =>
    (field === 'variants' && Number(index) < product.variants.length) || (field === 'media' && index !== undefined);
  const describe = (problem: Problem): RowError => {
    const { line, column, value } = product.locate(problem.path);
    const name = column ?? problem.path.join('.');
    return { line, column, message: `${name} ${problem.message}.`, value };
  };
  return {
    product,
    draft,
    wrongRows: problems.filter(isOfRow).map(describe),
    wrongProduct: problems.filter((problem) => !isOfRow(problem)).map(describe),
  };
}

function settle(
  lines: readonly number[],
  errors: readonly RowError[],
  attempt: Attempt,
  around: Surroundings,
): RecordPlan {
  const { draft, product } = attempt;
  // With every row refused, what the product now lacks is no further mistake.
  if (product.variants.length === 0 && errors.length > 0) return refused(lines, errors);
  const all = [...errors, ...attempt.wrongProduct];
  if (attempt.wrongProduct.length > 0 || attempt.wrongRows.length > 0) {
    return refused(lines, all);
  }
  const before = around.stored && draftOf(around.stored);
  const kind = before === null ? 'create' : isDeepStrictEqual(before, draft) ? 'unchanged' : 'update';
  const quantities = product.variants.flatMap(({ quantity }, index): [string, number][] => {
    const sku = draft.variants[index]?.sku;
    return quantity !== null && quantity > 0 && sku !== undefined ? [[sku, quantity]] : [];
  });
  return { kind, draft, quantities: new Map(quantities), errors: all, rejected: countLines(all) };
}

function refused(lines: readonly number[], errors: readonly RowError[]): RecordPlan {
  const all = [...errors, ...refusedAlong(lines, errors)];
  return { kind: 'refused', draft: null, quantities: new Map(), errors: all, rejected: countLines(all) };
}

const countLines = (errors: readonly RowError[]) => new Set(errors.map(({ line }) => line)).size;

/** The product without the variants and pictures of these lines. */
function withoutLines(product: ImportedProduct, errors: readonly RowError[]): ImportedProduct {
  const wrong = new Set(errors.map(({ line }) => line));
  const variants = keep(product.variants, wrong);
  const media = product.media && keep(product.media, wrong);
  return {
    ...product,
    variants: variants.map(({ item }) => item),
    ...(media && { media: media.map(({ item }) => item) }),
    // Places have moved: they are asked for where they were before.
    locate: ([field = '', index = '', ...rest]) => {
      const moved = field === 'variants' ? variants : field === 'media' ? media : undefined;
      const place = moved?.[Number(index)]?.place;
      return product.locate([field, place === undefined ? index : String(place), ...rest]);
    },
  };
}

const keep = <Item extends { line: number }>(items: readonly Item[], wrong: ReadonlySet<number>) =>
  items.flatMap((item, place) => (wrong.has(item.line) ? [] : [{ item, place }]));

const foreignSkus = ({ handle, variants }: ProductDraft, { ownerOf }: Surroundings): Problem[] =>
  variants.flatMap(({ sku }, index) => {
    const owner = ownerOf(sku);
    if (owner === undefined || owner === handle) return [];
    return [{ path: ['variants', String(index), 'sku'], message: `"${sku}" belongs to the product "${owner}"` }];
  });

function unknownCategories({ categories }: ProductDraft, product: ImportedProduct, around: Surroundings): Problem[] {
  const twice = new Set(duplicates(categories));
  return categories.flatMap((handle, index) =>
    around.categories.has(handle) || product.newCategories.has(handle) || twice.has(index)
      ? []
      : [{ path: ['categories', String(index)], message: `must be the handle of a category; there is no "${handle}"` }],
  );
}
