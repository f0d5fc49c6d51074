import type { Resolvers } from '../generated/graphql.ts';
import { Checkout } from './Checkout.ts';
import { CheckoutLine } from './CheckoutLine.ts';
import { Money } from './Money.ts';
import { checkoutComplete } from './Mutation/checkoutComplete.ts';
import { checkoutCreate } from './Mutation/checkoutCreate.ts';
import { checkoutDeliveryOptionSelect } from './Mutation/checkoutDeliveryOptionSelect.ts';
import { checkoutShippingAddressUpdate } from './Mutation/checkoutShippingAddressUpdate.ts';
import { orderCancel } from './Mutation/orderCancel.ts';
import { Order } from './Order.ts';
import { OrderConnection } from './OrderConnection.ts';
import { OrderLine } from './OrderLine.ts';
import { Payment } from './Payment.ts';
import { checkout } from './Query/checkout.ts';
import { order } from './Query/order.ts';
import { orders } from './Query/orders.ts';
import { ordersForReconciliation } from './Query/ordersForReconciliation.ts';
import { orderUpdated } from './Subscription/orderUpdated.ts';

export const resolvers: Resolvers = {
  Query: { checkout, order, orders, ordersForReconciliation },
  Mutation: {
    checkoutCreate,
    checkoutShippingAddressUpdate,
    checkoutDeliveryOptionSelect,
    checkoutComplete,
    orderCancel,
  },
  Subscription: { orderUpdated },
  Checkout,
  CheckoutLine,
  Order,
  OrderLine,
  OrderConnection,
  Payment,
  Money,
};
