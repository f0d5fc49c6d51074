import { json } from '@mercato/environment';
import { z } from 'zod';

/** What connections that stay may take, and how long they are waited for (in milliseconds). */
export interface SubscriptionSettings {
  /** WebSockets and event streams that this router holds at once. */
  readonly connections: number;
  /** Those of one client: of a credential, else of a network. Those from this machine are not counted. */
  readonly connectionsPerClient: number;
  /** Operations under way on one WebSocket. */
  readonly operationsPerConnection: number;
  /** Bytes of a message from a client. */
  readonly messageBytes: number;
  /** From the opening of a WebSocket until its client has said who it is. */
  readonly initialisation: number;
  /** Between signs of life. A WebSocket that has given none since the last one is cut off. */
  readonly keepAlive: number;
  /** A client that takes nothing of what it is sent for so long is cut off. */
  readonly stuck: number;
  /** How long a subgraph that broke off a subscription is asked for it again. */
  readonly resumption: number;
}

export const defaultSubscriptionSettings: SubscriptionSettings = {
  connections: 20_000,
  connectionsPerClient: 200,
  operationsPerConnection: 100,
  messageBytes: 1024 * 1024,
  initialisation: 5_000,
  keepAlive: 12_000,
  stuck: 30_000,
  resumption: 60_000,
};

const count = z.number().int().min(1);
const settings = z
  .strictObject({
    connections: count,
    connectionsPerClient: count,
    operationsPerConnection: count,
    messageBytes: count,
    initialisation: count,
    keepAlive: count,
    stuck: count,
    resumption: count,
  } satisfies Record<keyof SubscriptionSettings, typeof count>)
  .partial();

/** Settings of the router about subscriptions. */
export const subscriptionVariables = {
  SUBSCRIPTIONS: json(settings).default({}).describe('JSON such as {"connections": 50000, "keepAlive": 30000}'),
};
