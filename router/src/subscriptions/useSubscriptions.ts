import type { FastifyInstance } from 'fastify';
import { clientAddresses } from '../http/client-address.ts';
import type { Origins } from '../http/origins.ts';
import type { Endpoint } from './endpoint.ts';
import { EventStreams } from './event-streams.ts';
import { Seats } from './seats.ts';
import { defaultSubscriptionSettings, type SubscriptionSettings } from './settings.ts';
import { Subscriptions, type SubscriptionsParts } from './subscriptions.ts';
import { useWebSockets } from './useWebSockets.ts';

export interface Live {
  readonly subscriptions: Subscriptions;
  readonly eventStreams: EventStreams;
  /** How many stay now, by their kind. */
  connections(): Readonly<Record<'websocket' | 'events', number>>;
  /** Takes WebSockets at an address of the graph. */
  serve(path: string, endpoint: Omit<Endpoint, 'subscriptions' | 'settings' | 'logger'>): void;
  /** Takes nothing new, and sends away who is there. */
  close(): Promise<void>;
}

interface LiveParts extends Omit<SubscriptionsParts, 'resumption' | 'eventTimeout'> {
  readonly settings: Partial<SubscriptionSettings> | undefined;
  readonly origins: Origins;
  readonly publicUrl: string | undefined;
  readonly trustProxy: number | readonly string[] | undefined;
}

/** All connections that stay. */
export function useSubscriptions(server: FastifyInstance, parts: LiveParts): Live {
  const { timeouts, logger, origins, publicUrl, trustProxy } = parts;
  const settings = { ...defaultSubscriptionSettings, ...parts.settings };
  const seats = new Seats(settings);
  const { resumption } = settings;
  const subscriptions = new Subscriptions({ ...parts, resumption, eventTimeout: timeouts.operation });
  const eventStreams = new EventStreams({ seats, settings });
  const addressOf = clientAddresses(trustProxy);
  const webSockets = useWebSockets(server, { seats, settings, origins, publicUrl, addressOf });
  return {
    subscriptions,
    eventStreams,
    connections: () => ({ websocket: webSockets.open, events: eventStreams.open }),
    serve: (path, endpoint) => webSockets.serve(path, { ...endpoint, subscriptions, settings, logger }),
    async close() {
      eventStreams.close();
      await webSockets.close();
    },
  };
}
