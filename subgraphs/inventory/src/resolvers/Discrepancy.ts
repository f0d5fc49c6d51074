import type { DiscrepancyResolvers } from '../generated/graphql.ts';

export const Discrepancy: DiscrepancyResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.discrepancyById.load(id),
  warehouse: ({ warehouseId }, _args, { loaders }) => (warehouseId ? loaders.warehouseById.load(warehouseId) : null),
  difference: ({ expected, actual }) => actual - expected,
};
