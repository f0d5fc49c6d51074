import { hasScopes, type Viewer } from '@mercato/auth';
import type { ProductStatus } from '../../generated/prisma/enums.ts';

const everything: readonly ProductStatus[] = ['DRAFT', 'ACTIVE', 'ARCHIVED'];
const onSale: readonly ProductStatus[] = ['ACTIVE'];
const onSaleOrRetired: readonly ProductStatus[] = ['ACTIVE', 'ARCHIVED'];

export const isCatalogStaff = (viewer: Viewer): boolean => hasScopes(viewer, [['catalog:read'], ['catalog:write']]);

/** Products that a viewer may find and open. Drafts are for those who make them. */
export const visibleStatuses = (viewer: Viewer): readonly ProductStatus[] =>
  isCatalogStaff(viewer) ? everything : onSale;

/** In a feed of changes partners also see what was retired since, to take it off their own shelves. */
export const visibleInFeed = (viewer: Viewer): readonly ProductStatus[] =>
  viewer.kind === 'partner' ? onSaleOrRetired : visibleStatuses(viewer);

/**
 * Variants that another domain's data may lead to: an order still names what was bought after it was retired,
 * though the product's page is gone.
 */
export const visibleByReference = (viewer: Viewer): readonly ProductStatus[] =>
  isCatalogStaff(viewer) ? everything : onSaleOrRetired;
