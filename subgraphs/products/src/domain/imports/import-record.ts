export type { CatalogImportModel as ImportRecord } from '../../generated/prisma/models.ts';
