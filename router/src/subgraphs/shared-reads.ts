import { Interest, type SubgraphAnswer } from '@mercato/subgraph-client';

/** Someone who waits for an answer. */
export interface Waiter {
  /** Milliseconds until it waits no more. */
  readonly patienceMs: number;
  /** Ends when it waits no more, whatever the time. */
  readonly interest: Interest;
  /** What it is told then. */
  readonly gaveUp: (reason: 'timeout' | 'aborted') => Error;
}

interface Flight {
  readonly answer: Promise<{ answer: SubgraphAnswer; copy: string | undefined }>;
  readonly leftAt: number;
  /** That of all who wait, as one. */
  readonly interest: Interest;
  waiting: number;
  shared: boolean;
  landed: boolean;
}

/**
 * Identical reads that are on their way at the same time travel once. Who joins gets a copy of its own, keeps its own
 * patience, and does not suffer from another's going away: the call ends early only when nobody waits any more.
 * Callers put into the key whatever an answer may depend on, the viewer first of all.
 */
export class SharedReads {
  readonly #flights = new Map<string, Flight>();
  readonly #joinWithinMs: number;

  /** @param joinWithinMs a call older than this is not joined: it may be stuck, and its end is near. */
  constructor({ joinWithinMs }: { joinWithinMs: number }) {
    this.#joinWithinMs = joinWithinMs;
  }

  /** Something was changed: reads that left before may not show it, so nobody who comes now joins them. */
  forget(): void {
    this.#flights.clear();
  }

  async read(
    key: string,
    waiter: Waiter,
    send: (interest: Interest) => Promise<SubgraphAnswer>,
  ): Promise<SubgraphAnswer> {
    const joined = this.#joinable(key);
    if (joined) joined.shared = true;
    const flight = joined ?? this.#leave(key, send);
    flight.waiting += 1;
    try {
      const { answer, copy } = await patiently(flight.answer, waiter);
      // The gateway writes into what it is given. Only the first may have the original.
      return joined ? (JSON.parse(copy ?? '{}') as SubgraphAnswer) : answer;
    } finally {
      flight.waiting -= 1;
      if (flight.waiting === 0) {
        this.#land(key, flight);
        if (!flight.landed) flight.interest.end();
      }
    }
  }

  #joinable(key: string): Flight | undefined {
    const flight = this.#flights.get(key);
    return flight && performance.now() - flight.leftAt < this.#joinWithinMs ? flight : undefined;
  }

  #leave(key: string, send: (interest: Interest) => Promise<SubgraphAnswer>): Flight {
    const interest = new Interest();
    const flight: Flight = {
      interest,
      leftAt: performance.now(),
      waiting: 0,
      shared: false,
      landed: false,
      answer: send(interest).then(
        (answer) => {
          flight.landed = true;
          this.#land(key, flight);
          // Taken before the first to wait can write into it.
          return { answer, copy: flight.shared ? JSON.stringify(answer) : undefined };
        },
        (error: unknown) => {
          flight.landed = true;
          this.#land(key, flight);
          throw error;
        },
      ),
    };
    this.#flights.set(key, flight);
    return flight;
  }

  #land(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

/** The outcome, unless the waiter's time is up or it goes away before. */
function patiently<T>(outcome: Promise<T>, { patienceMs, interest, gaveUp }: Waiter): Promise<T> {
  return new Promise((resolve, reject) => {
    const onEnd = () => settle(() => reject(gaveUp('aborted')));
    const timer = setTimeout(() => settle(() => reject(gaveUp('timeout'))), patienceMs);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      interest.removeEventListener('abort', onEnd);
      end();
    };
    interest.addEventListener('abort', onEnd);
    outcome.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
    if (interest.aborted) onEnd();
  });
}
