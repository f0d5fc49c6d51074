/** What tells a call that its answer is no longer wanted: an `AbortSignal`, or an `Interest`. */
export interface CallSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * Somebody's interest in an answer, which ends at most once. It does for calls what an AbortController would, without
 * its event target and stack traces: there are several in every request.
 */
export class Interest implements CallSignal {
  readonly #listeners = new Set<() => void>();
  #ended = false;

  get aborted(): boolean {
    return this.#ended;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
