import { findCart } from '../domain/cart.ts';
import { judgeDiscountCodes } from '../domain/discount-codes.ts';
import { costOf } from '../domain/pricing.ts';
import type { CartResolvers } from '../generated/graphql.ts';

export const Cart: CartResolvers = {
  __resolveReference: ({ id }, { db }) => findCart(db, { secret: id }),
  totalQuantity: ({ lines }) => lines.reduce((total, { quantity }) => total + quantity, 0),
  lines: ({ lines }) => [...lines],
  discountCodes: (cart) => judgeDiscountCodes(cart),
  cost: ({ lines, currency }) => costOf(lines, currency),
};
