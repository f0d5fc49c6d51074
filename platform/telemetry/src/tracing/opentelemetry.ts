import { type Context, type Span as OtelSpan, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { Trace } from '../trace.ts';
import type { TracingSettings } from './environment.ts';
import type { Span, SpanAttributes, Tracer } from './tracer.ts';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Milliseconds between two batches. */
const sendEvery = 1_000;

/** Milliseconds for which a process that ends waits for its last batch to be taken. */
const farewell = 2_000;

/** Sends spans to a collector by OTLP over HTTP. A collector that is away costs spans, and nothing else. */
export function openTelemetry(service: string, { endpoint, ratio }: TracingSettings) {
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': service, 'service.namespace': 'mercato' }),
    ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }), {
        scheduledDelayMillis: sendEvery,
      }),
    ],
  });
  const tracer = provider.getTracer('mercato');
  const recorder: Tracer = {
    start(name, kind, within, attributes) {
      const span = tracer.startSpan(name, { kind: kinds[kind] }, contextOf(within));
      if (attributes) setAll(span, attributes);
      return new RecordedSpan(span, within.requestId);
    },
  };
  return { tracer: recorder, stop: () => sendWhatIsLeft(provider) };
}

async function sendWhatIsLeft(provider: BasicTracerProvider): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, farewell);
  });
  // A collector that is away has cost its spans: that is no failure of the process that ends.
  const sent = provider.shutdown().catch(() => undefined);
  await Promise.race([sent, tooLate]);
  clearTimeout(timer);
}

/** Without AsyncLocalStorage: whoever begins a span says what it is part of. */
function contextOf({ traceId, spanId, sampled }: Trace): Context {
  if (spanId === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true });
}

function setAll(span: OtelSpan, attributes: SpanAttributes): void {
  for (const name in attributes) {
    const value = attributes[name];
    if (value !== undefined) span.setAttribute(name, value);
  }
}

class RecordedSpan implements Span {
  readonly trace: Trace;
  readonly #span: OtelSpan;

  constructor(span: OtelSpan, requestId: string) {
    this.#span = span;
    const { traceId, spanId, traceFlags } = span.spanContext();
    this.trace = { requestId, traceId, spanId, sampled: (traceFlags & 1) === 1 };
    span.setAttribute('mercato.request_id', requestId);
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  set(attributes: SpanAttributes): void {
    setAll(this.#span, attributes);
  }

  failed(error: unknown): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.setAttribute('error.type', typeof error === 'string' ? error : nameOf(error));
  }

  end(): void {
    this.#span.end();
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
