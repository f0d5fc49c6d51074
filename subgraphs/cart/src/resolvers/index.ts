import type { Resolvers } from '../generated/graphql.ts';
import { Cart } from './Cart.ts';
import { CartLine } from './CartLine.ts';
import { Money } from './Money.ts';
import { cartCreate } from './Mutation/cartCreate.ts';
import { cartDiscountCodesUpdate } from './Mutation/cartDiscountCodesUpdate.ts';
import { cartLinesAdd } from './Mutation/cartLinesAdd.ts';
import { cartLinesRemove } from './Mutation/cartLinesRemove.ts';
import { cartLinesUpdate } from './Mutation/cartLinesUpdate.ts';
import { cart } from './Query/cart.ts';
import { cartByReference } from './Query/cartByReference.ts';
import { cartUpdated } from './Subscription/cartUpdated.ts';

export const resolvers: Resolvers = {
  Query: { cart, cartByReference },
  Mutation: { cartCreate, cartLinesAdd, cartLinesUpdate, cartLinesRemove, cartDiscountCodesUpdate },
  Subscription: { cartUpdated },
  Cart,
  CartLine,
  Money,
};
