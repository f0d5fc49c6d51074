/** The whole supergraph, running. */
export interface RunningTopology {
  /** Base address of the router. */
  readonly url: string;
  /** Puts the example shop in, domain by domain; a second time changes nothing. */
  seed(): Promise<void>;
  /** Stops taking requests, finishes what runs, closes connections. */
  stop(): Promise<void>;
}
