import { findWarehouse } from '../../domain/warehouse.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const warehouseByCode: QueryResolvers['warehouseByCode'] = (_parent, { code }, { db }) =>
  findWarehouse(db, code);
