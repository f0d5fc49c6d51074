import { listWarehouses, warehouseOrder } from '../../domain/lists.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';
import { pageOf } from '../page-arguments.ts';

export const warehouses: QueryResolvers['warehouses'] = (_parent, args, { db }) =>
  listWarehouses(db, pageOf(args, warehouseOrder));
