import { currentTrace, type Trace } from '../trace.ts';

export type SpanKind = 'server' | 'client' | 'internal' | 'producer' | 'consumer';

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A piece of work that is recorded with its times and its place in a trace. */
export interface Span {
  /** What the work is done within: given on to whatever is part of it. */
  readonly trace: Trace;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** It did not succeed. Of the error its name alone is told: messages may quote what people wrote. */
  failed(error: unknown): void;
  end(): void;
}

export interface Tracer {
  /** Begins work that is part of `within`; where nobody records that yet, it is the first of its trace. */
  start(name: string, kind: SpanKind, within: Trace, attributes?: SpanAttributes): Span;
}

let active: Tracer | undefined;

/** What work of this process is recorded with; undefined where nothing is. */
export const activeTracer = (): Tracer | undefined => active;

/** Set once, when the process starts, before anything asks for it. */
export function activate(tracer: Tracer | undefined): void {
  active = tracer;
}

/** What a failure is called that work returns instead of throwing it; undefined where it succeeded. */
export type FailureOf<T> = (result: T) => string | undefined;

/**
 * Records a piece of work where its trace is recorded. `work` is given what it is done within, to give it on.
 */
export async function recorded<T>(
  name: string,
  kind: SpanKind,
  within: Trace,
  attributes: SpanAttributes,
  work: (trace: Trace) => Promise<T>,
  failureOf?: FailureOf<T>,
): Promise<T> {
  if (!active) return work(within);
  const span = active.start(name, kind, within, attributes);
  try {
    const result = await work(span.trace);
    const failure = failureOf?.(result);
    if (failure !== undefined) span.failed(failure);
    return result;
  } catch (error) {
    span.failed(error);
    throw error;
  } finally {
    span.end();
  }
}

/**
 * Records a call to somebody else, as part of what is done right now. What nobody asked for, such as looking for work, makes
 * no traces of its own.
 */
export function recordedHere<T>(
  name: string,
  attributes: SpanAttributes,
  work: () => Promise<T>,
  failureOf?: FailureOf<T>,
): Promise<T> {
  const within = active && currentTrace();
  return within?.sampled ? recorded(name, 'client', within, attributes, work, failureOf) : work();
}
