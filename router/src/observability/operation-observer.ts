import type { OperationEnd } from '../operations/log-operation.ts';

/** Is told of operations. What it does with that must not take time: it is asked within each. */
export interface OperationObserver {
  /** @param client the name that the client gives itself */
  ended(end: OperationEnd, client: unknown): void;
  /** What was found where a plan was wanted: one, or the promise of one. */
  planAsked(plan: unknown): void;
}
