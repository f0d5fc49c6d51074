import type { WarehouseResolvers } from '../generated/graphql.ts';

export const Warehouse: WarehouseResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference ? loaders.warehouseById.load(reference.id) : loaders.warehouseByCode.load(reference.code),
  address: ({ line1, city, country, ...rest }) =>
    line1 !== null && city !== null && country !== null
      ? {
          name: rest.name,
          line1,
          line2: rest.line2,
          city,
          region: rest.region,
          postalCode: rest.postalCode,
          country,
          phone: rest.phone,
        }
      : null,
  location: ({ latitude, longitude }) => (latitude !== null && longitude !== null ? { latitude, longitude } : null),
};
