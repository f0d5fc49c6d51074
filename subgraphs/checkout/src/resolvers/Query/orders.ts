import { readPageArguments } from '@mercato/pagination';
import { listOrders, ordersNewestFirst } from '../../domain/order/list.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const orders: QueryResolvers['orders'] = (_parent, { filter, ...page }, { db }) =>
  listOrders(db, filter ?? {}, readPageArguments(page, { sort: ordersNewestFirst, default: 50 }));
