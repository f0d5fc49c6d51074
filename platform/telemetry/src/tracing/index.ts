export { type TracingSettings, tracingSettings } from './environment.ts';
export { type RunningTracing, startTracing } from './start.ts';
export {
  activeTracer,
  recorded,
  recordedHere,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type Tracer,
} from './tracer.ts';
