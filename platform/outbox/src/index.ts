export { decodeChanges, type EntityChange, encodeChanges, entityChangesTopic } from './changes.ts';
export { consumeEvents, type EventHandler, on } from './consume.ts';
export { deliveryTo } from './delivery.ts';
export { type DomainEvent, defineEvent, type EventDefinition, type EventRoutes } from './event.ts';
export { type OutboxTransaction, recordEvent, recordEvents } from './record.ts';
export { type RelayOptions, type RunningRelay, startRelay } from './relay.ts';
export { publishedEvents, receivedEvents } from './retention.ts';
