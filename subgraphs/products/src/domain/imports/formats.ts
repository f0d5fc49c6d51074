import type { CatalogImportFormat } from '../../generated/prisma/enums.ts';
import type { CatalogFormat } from './imported-product.ts';
import { jsonLines } from './json-lines/format.ts';
import { shopifyCsv } from './shopify/format.ts';

const formats: Readonly<Record<CatalogImportFormat, CatalogFormat>> = {
  SHOPIFY_CSV: shopifyCsv,
  JSON_LINES: jsonLines(),
};

export const formatOf = (format: CatalogImportFormat): CatalogFormat => formats[format];
