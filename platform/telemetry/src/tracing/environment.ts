import { httpUrl, readEnvironment } from '@mercato/environment';
import { z } from 'zod';

export interface TracingSettings {
  /** A collector that takes OTLP over HTTP, such as `http://collector:4318`. */
  readonly endpoint: string;
  /** Share of the traces that begin here and are recorded, 0 to 1; whoever continues one does as it says. */
  readonly ratio: number;
}

/** Variables of OpenTelemetry that are heeded here; its exporter reads OTEL_EXPORTER_OTLP_HEADERS itself. */
const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl().optional(),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none']).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).describe('a number from 0 to 1'),
};

/**
 * Where traces go, as the environment has it; undefined where none are recorded.
 * @throws EnvironmentError
 */
export function tracingSettings(source: NodeJS.ProcessEnv = process.env): TracingSettings | undefined {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT: given,
    OTEL_TRACES_EXPORTER: exporter,
    OTEL_TRACES_SAMPLER_ARG: ratio,
  } = readEnvironment(tracingVariables, source);
  const endpoint = given ?? (exporter === 'otlp' ? 'http://127.0.0.1:4318' : undefined);
  return endpoint === undefined || exporter === 'none' ? undefined : { endpoint, ratio };
}
