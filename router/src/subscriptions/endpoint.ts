import type { Logger } from '@mercato/telemetry';
import type { Identity } from '../identity/identity.ts';
import type { Answering } from '../operations/answer-operation.ts';
import type { SubscriptionSettings } from './settings.ts';
import type { Subscriptions } from './subscriptions.ts';

/** One address of the graph, for connections that stay. */
export interface Endpoint {
  readonly answering: Answering;
  readonly subscriptions: Subscriptions;
  readonly settings: SubscriptionSettings;
  readonly identity: Identity;
  /** Milliseconds that a whole operation may take. */
  readonly operationTimeoutMs: number;
  readonly forwardHeaders: readonly string[];
  readonly logger: Logger;
}
