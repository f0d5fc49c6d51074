import type { z } from 'zod';
import type { EntityChange } from './changes.ts';

/** What a domain says happened. Its name and payload are a public contract. */
export interface EventDefinition<Name extends string = string, Payload extends z.ZodType = z.ZodType> {
  /** `<aggregate>.<past tense>`, such as `order.placed`. */
  readonly name: Name;
  readonly payload: Payload;
  /** What of the domain's part of the graph it makes another; nothing unless given. */
  changes?(payload: z.output<Payload>): readonly EntityChange[];
}

export const defineEvent = <Name extends string, Payload extends z.ZodType>(
  name: Name,
  payload: Payload,
  told: Pick<EventDefinition<Name, Payload>, 'changes'> = {},
): EventDefinition<Name, Payload> => ({ name, payload, ...told });

/** An event as consumers get it: at least once, in no promised order. Order matters? Compare `version`. */
export interface DomainEvent<Payload = unknown> {
  readonly id: string;
  readonly name: string;
  /** What it happened to, such as an order's id. */
  readonly aggregateId: string;
  /** Grows with each change of the aggregate: a copy ignores what is not newer than it knows. */
  readonly version: number;
  readonly occurredAt: Date;
  readonly payload: Payload;
}

/** Which domains hear of an event, by its name. */
export type EventRoutes = Readonly<Record<string, readonly string[]>>;
