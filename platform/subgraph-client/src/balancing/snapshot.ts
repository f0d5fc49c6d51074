import type { BreakerState } from './circuit-breaker.ts';

/** What is known of one instance. Counts only grow. */
export interface InstanceSnapshot {
  readonly id: string;
  readonly url: string;
  readonly schemaHash: string | undefined;
  readonly draining: boolean;
  /** Left out because it failed; asked all the same when every other one is too. */
  readonly ejected: boolean;
  readonly inFlight: number;
  readonly attempts: number;
  readonly failures: number;
  readonly ejections: number;
}

/** What is known of a subgraph's calls. Counts only grow. */
export interface SubgraphSnapshot {
  readonly breaker: BreakerState;
  readonly breakerOpenings: number;
  readonly calls: number;
  /** Calls that ended without an answer, those refused by the breaker among them. */
  readonly failures: number;
  readonly refused: number;
  readonly retries: number;
  /** Retries that the budget did not allow. */
  readonly retriesWithheld: number;
  readonly instances: readonly InstanceSnapshot[];
}
