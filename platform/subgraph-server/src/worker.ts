/** The background half of a subgraph: its outbox relay, event consumers and jobs. */
export interface SubgraphWorker {
  /** Finishes what is running, within bounds, and takes nothing new. */
  stop(): Promise<void>;
}
