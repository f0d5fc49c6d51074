import type { StockMovementResolvers } from '../generated/graphql.ts';
import { warehouseOf } from './warehouse-of.ts';

export const StockMovement: StockMovementResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.movementById.load(id),
  warehouse: warehouseOf,
};
