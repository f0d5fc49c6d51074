import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What ties the log lines, calls and jobs of one request together. */
export interface Trace {
  /** Id that a client may give as `x-request-id`, and is told with an internal error. */
  requestId: string;
  /** 32 hex digits; see https://www.w3.org/TR/trace-context/ */
  traceId: string;
  /** 16 hex digits: the span that whatever is begun now is part of, where anyone records any. */
  spanId?: string;
  /** Whether that span is recorded; then what is part of it is too. */
  sampled?: boolean;
}

const storage = new AsyncLocalStorage<Trace>();

export const currentTrace = (): Trace | undefined => storage.getStore();

export const runInTrace = <T>(trace: Trace, work: () => T): T => storage.run(trace, work);

/** 32 of them, never all zero. A UUID comes from a store of random bytes; asking for a few at a time is ten times slower. */
const hexDigits = (): string => randomUUID().replaceAll('-', '');

export const newTrace = (requestId: string = randomUUID()): Trace => ({
  requestId,
  traceId: hexDigits(),
});

const acceptableRequestId = /^[\w.:-]{1,128}$/;
const traceparent = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;
const nothing = /^0+$/;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The trace that a caller's headers continue, or a new one. Ids that could forge log lines are replaced. */
export function traceFromHeaders(headers: Headers): Trace {
  const requestId = headers['x-request-id'];
  const parent = headers.traceparent;
  const trace = newTrace(typeof requestId === 'string' && acceptableRequestId.test(requestId) ? requestId : undefined);
  const [, traceId, spanId, flags] = (typeof parent === 'string' && traceparent.exec(parent)) || [];
  if (!traceId || !spanId || !flags || nothing.test(traceId) || nothing.test(spanId)) return trace;
  return { requestId: trace.requestId, traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Headers that make the callee continue this trace. */
export const traceHeaders = ({ requestId, traceId, spanId, sampled }: Trace): Record<string, string> => ({
  'x-request-id': requestId,
  traceparent: `00-${traceId}-${spanId ?? hexDigits().slice(16)}-${sampled === false ? '00' : '01'}`,
});
