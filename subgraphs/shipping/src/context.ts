import type { SubgraphCall } from '@mercato/subgraph-server';
import type { ShippingDatabase } from './domain/database.ts';
import type { OfferDeliveries } from './domain/quotes/offer-deliveries.ts';
import type { Loaders } from './loaders.ts';

/**
 * All that shipping knows of an order is its id.
 * @mapped
 */
export interface OrderReference {
  readonly id: string;
}

export type ShippingContext = SubgraphCall & {
  readonly db: ShippingDatabase;
  readonly offerDeliveries: OfferDeliveries;
  readonly loaders: Loaders;
};
