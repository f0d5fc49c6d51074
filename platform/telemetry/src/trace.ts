import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What ties the log lines, calls and jobs of one request together. */
export interface Trace {
  /** Id that a client may give as `x-request-id`, and is told with an internal error. */
  requestId: string;
  /** 32 hex digits; see https://www.w3.org/TR/trace-context/ */
  traceId: string;
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
const traceparent = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The trace that a caller's headers continue, or a new one. Ids that could forge log lines are replaced. */
export function traceFromHeaders(headers: Headers): Trace {
  const requestId = headers['x-request-id'];
  const parent = headers.traceparent;
  const trace = newTrace(typeof requestId === 'string' && acceptableRequestId.test(requestId) ? requestId : undefined);
  const traceId = typeof parent === 'string' ? traceparent.exec(parent)?.[1] : undefined;
  return traceId ? { ...trace, traceId } : trace;
}

/** Headers that make the callee continue this trace. */
export const traceHeaders = ({ requestId, traceId }: Trace): Record<string, string> => ({
  'x-request-id': requestId,
  traceparent: `00-${traceId}-${hexDigits().slice(16)}-01`,
});
