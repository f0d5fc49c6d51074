import type { StockCountResolvers } from '../generated/graphql.ts';
import { warehouseOf } from './warehouse-of.ts';

export const StockCount: StockCountResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.countById.load(id),
  warehouse: warehouseOf,
};
