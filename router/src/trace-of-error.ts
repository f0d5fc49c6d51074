import type { Trace } from '@mercato/telemetry';

/**
 * Which request an error belongs to, for where errors are formatted without it. An AsyncLocalStorage would know as
 * well, and make every promise of the process dearer: about a sixth of what a request costs here.
 */
export class TraceOfError {
  readonly #traces = new WeakMap<object, Trace>();

  remember(error: unknown, trace: Trace): void {
    if (typeof error === 'object' && error !== null) this.#traces.set(error, trace);
  }

  find(error: unknown): Trace | undefined {
    if (typeof error !== 'object' || error === null) return undefined;
    // What is no GraphQL error was wrapped into one on its way here.
    const original = 'originalError' in error ? error.originalError : undefined;
    return this.#traces.get(error) ?? this.find(original);
  }
}
