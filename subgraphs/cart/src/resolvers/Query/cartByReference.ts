import { findCart } from '../../domain/cart.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const cartByReference: QueryResolvers['cartByReference'] = (_parent, { reference }, { db }) =>
  findCart(db, { reference });
