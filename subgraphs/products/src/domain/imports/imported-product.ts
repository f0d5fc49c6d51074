import type { MediaDraft, ProductDraft, SelectedOption, VariantDraft } from '../catalog/product-draft.ts';

/** One record of a file: what it says of a product, and what of it cannot be used. */
export interface FileRecord {
  /** Lines on which its rows begin, in order. */
  readonly lines: readonly number[];
  /** Null when none of it can be used. */
  readonly product: ImportedProduct | null;
  readonly errors: readonly RowError[];
}

/** Why a row is refused. */
export interface RowError {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly column: string | null;
  readonly message: string;
  readonly value: string | null;
}

/** What a file says of a product. What is absent stays as it is in the shop, or is empty for a new product. */
export interface ImportedProduct {
  readonly handle: string;
  readonly fields: Partial<Pick<ProductDraft, 'title' | 'description' | 'vendor' | 'status' | 'tags' | 'categories'>>;
  /** Categories that are made when there are none: titles by handle. */
  readonly newCategories: ReadonlyMap<string, string>;
  /** Null when the file says nothing of options: variants keep those they have. */
  readonly optionNames: readonly string[] | null;
  /** Values in the order in which they are to be shown; those of the variants when absent. */
  readonly optionValues?: readonly (readonly string[])[];
  readonly variants: readonly ImportedVariant[];
  readonly media?: readonly ImportedMedia[];
  /** Where in the file the value at a path of the draft stands; variants and media count as in this product. */
  locate(path: readonly string[]): Pick<RowError, 'line' | 'column' | 'value'>;
}

export interface ImportedVariant {
  readonly line: number;
  /** Null when the file leaves it blank. */
  readonly sku: string | null;
  readonly selectedOptions: SelectedOption[];
  readonly prices: VariantDraft['prices'];
  readonly fields: Partial<Pick<VariantDraft, 'barcode' | 'weight' | 'dimensions' | 'taxClass'>>;
  /** Opening stock. */
  readonly quantity: number | null;
}

export interface ImportedMedia {
  readonly line: number;
  readonly draft: MediaDraft;
}

/** Reads one way of writing catalogs. */
export interface CatalogFormat {
  /**
   * Reads the whole file and uses none of it: how many rows it has.
   * @throws UnreadableFile
   */
  check(text: AsyncIterable<string>): Promise<number>;
  /** @throws UnreadableFile, though never for a file that was checked */
  read(text: AsyncIterable<string>, options: { currency: string }): AsyncGenerator<FileRecord>;
}
