import type { GraphQLFormattedError } from 'graphql';
import type { RouterContext } from '../context.ts';
import type { FetchStep } from './compiled-plan.ts';
import type { Data } from './data.ts';

/** One call of a step, ready to be sent. */
export interface FetchRequest {
  readonly step: FetchStep;
  readonly variables: Readonly<Data>;
  /** The whole request as JSON. */
  readonly body: string;
  /** How many entities are asked about; undefined for a fetch from the root. */
  readonly entities: number | undefined;
  /** Whether the client's operation only reads: others' identical calls may be joined. */
  readonly mayShare: boolean;
}

/** What came of it. Paths of errors are those of the subgraph's answer. */
export interface FetchOutcome {
  readonly data: Data | null;
  readonly errors: readonly GraphQLFormattedError[];
  /** Whether there was no answer at all: its errors stand for all that was asked. */
  readonly failed: boolean;
}

/** Asks a subgraph. Never throws: an outage is an outcome. */
export type FetchSubgraph = (request: FetchRequest, context: RouterContext) => Promise<FetchOutcome>;
