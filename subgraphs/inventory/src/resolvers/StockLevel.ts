import { oldestReservationFirst } from '../domain/reservation/open-reservations.ts';
import { availableOf } from '../domain/stock-level.ts';
import type { StockLevelResolvers } from '../generated/graphql.ts';
import { pageOf } from './page-arguments.ts';
import { warehouseOf } from './warehouse-of.ts';

export const StockLevel: StockLevelResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.levelById.load(id),
  warehouse: warehouseOf,
  available: availableOf,
  variant: async ({ sku }, _args, { loaders }) => ((await loaders.isInCatalog.load(sku)) ? { sku } : null),
  reservations: (level, args, { loaders }) =>
    loaders.reservationsOfLevel(pageOf(args, oldestReservationFirst)).load(level),
};
