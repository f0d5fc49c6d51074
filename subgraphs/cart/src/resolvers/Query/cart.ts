import { findCart } from '../../domain/cart.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const cart: QueryResolvers['cart'] = (_parent, { id }, { db }) => findCart(db, { secret: id });
