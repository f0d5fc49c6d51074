import { createClient } from 'graphql-ws';
import { WebSocket } from 'undici';
import type { SupergraphUnderTest } from '../../src/supergraph.ts';

/** The client that libraries are given for subscriptions, as its guide sets it up. Node 20 has no WebSocket of its own. */
export const subscriptionClient = (shop: SupergraphUnderTest) =>
  createClient({ url: `${shop.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
