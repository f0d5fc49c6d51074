import type { TracingSettings } from './environment.ts';
import { activate } from './tracer.ts';

export interface RunningTracing {
  /** Sends what is left. */
  stop(): Promise<void>;
}

/**
 * From now on this process records what it does, as one service. OpenTelemetry is loaded here and nowhere else: what
 * records nothing does not pay for it.
 */
export async function startTracing(
  service: string,
  settings: TracingSettings | undefined,
): Promise<RunningTracing | undefined> {
  if (!settings) return undefined;
  const { openTelemetry } = await import('./opentelemetry.ts');
  const { tracer, stop } = openTelemetry(service, settings);
  activate(tracer);
  return {
    stop: async () => {
      activate(undefined);
      await stop();
    },
  };
}
