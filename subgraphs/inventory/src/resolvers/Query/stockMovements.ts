import { listStockMovements, newestMovementFirst } from '../../domain/lists.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { pageOf } from '../page-arguments.ts';

export const stockMovements: QueryResolvers['stockMovements'] = (_parent, { sku, warehouse, ...page }, { db }) =>
  listStockMovements(db, { sku, warehouse: warehouse ?? null }, pageOf(page, newestMovementFirst));
