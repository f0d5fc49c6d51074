import type { Resolvers } from '../generated/graphql.ts';
import { Checkout } from './Checkout.ts';
import { DeliveryOption } from './DeliveryOption.ts';
import { Money } from './Money.ts';
import { shipmentDispatch } from './Mutation/shipmentDispatch.ts';
import { shipmentStatusUpdate } from './Mutation/shipmentStatusUpdate.ts';
import { shipmentsCancel } from './Mutation/shipmentsCancel.ts';
import { Order } from './Order.ts';
import { deliveryQuote } from './Query/deliveryQuote.ts';
import { shippingZones } from './Query/shippingZones.ts';
import { Shipment } from './Shipment.ts';
import { ShippingRate } from './ShippingRate.ts';
import { ShippingZone } from './ShippingZone.ts';

export const resolvers: Resolvers = {
  Query: { deliveryQuote, shippingZones },
  Mutation: { shipmentDispatch, shipmentStatusUpdate, shipmentsCancel },
  Checkout,
  DeliveryOption,
  Money,
  Order,
  Shipment,
  ShippingRate,
  ShippingZone,
};
