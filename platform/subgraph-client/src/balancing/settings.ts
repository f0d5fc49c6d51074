/** How calls are spread, repeated and withheld. All times in milliseconds. */
export interface BalancingSettings {
  /** An instance that fails is left out for a while, as long as another one is there. */
  readonly ejection: {
    /** Failures in a row. A refused connection is enough by itself: nobody listens. */
    readonly afterFailures: number;
    /** The first time out; doubled each time that it fails again, up to `longestMs`. */
    readonly firstMs: number;
    readonly longestMs: number;
    /** How long it has to answer the question that lets it return. */
    readonly probeMs: number;
  };
  readonly retries: {
    /** Of the recent calls, so many may be repeated, */
    readonly share: number;
    /** and so many each second whatever the calls: a quiet router may repeat too. */
    readonly perSecond: number;
    /** Attempts of one call, the first one included. */
    readonly attempts: number;
  };
  /** A subgraph none of whose instances answers is not asked for a while. */
  readonly breaker: {
    /** What counts as recent. */
    readonly windowMs: number;
    /** Of fewer recent calls nothing is concluded. */
    readonly minimumCalls: number;
    readonly failureRatio: number;
    /** The first pause; doubled each time that the call which ends it fails, up to `longestMs`. */
    readonly firstMs: number;
    readonly longestMs: number;
  };
  /** A call that was given less time than this says nothing about who did not answer it. */
  readonly fairMs: number;
}

export const defaultBalancing: BalancingSettings = {
  ejection: { afterFailures: 3, firstMs: 1_000, longestMs: 30_000, probeMs: 1_000 },
  retries: { share: 0.2, perSecond: 10, attempts: 3 },
  breaker: { windowMs: 10_000, minimumCalls: 20, failureRatio: 0.5, firstMs: 1_000, longestMs: 5_000 },
  fairMs: 250,
};

/** Each part with what is not said taken from the defaults. */
export const balancingOf = (given: PartialBalancing = {}): BalancingSettings => ({
  ejection: { ...defaultBalancing.ejection, ...given.ejection },
  retries: { ...defaultBalancing.retries, ...given.retries },
  breaker: { ...defaultBalancing.breaker, ...given.breaker },
  fairMs: given.fairMs ?? defaultBalancing.fairMs,
});

export interface PartialBalancing {
  readonly ejection?: Partial<BalancingSettings['ejection']>;
  readonly retries?: Partial<BalancingSettings['retries']>;
  readonly breaker?: Partial<BalancingSettings['breaker']>;
  readonly fairMs?: number;
}
