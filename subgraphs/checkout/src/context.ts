import type { LiveFeed } from '@mercato/live';
import type { SubgraphCall } from '@mercato/subgraph-server';
import type { PlaceOrderParts } from './domain/placement/place-order.ts';
import type { Loaders } from './loaders.ts';

export type CheckoutContext = SubgraphCall &
  PlaceOrderParts & {
    readonly loaders: Loaders;
    readonly live: LiveFeed;
  };
