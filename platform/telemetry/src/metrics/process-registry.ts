import { collectDefaultMetrics, Registry } from 'prom-client';

/** The metrics of whatever this process does: its subgraphs, statements, jobs, and itself. */
export const processRegistry = new Registry();

let measuresProcess = false;

/** From now on memory, processor time and the event loop are measured too. */
export function measureProcess(): void {
  if (measuresProcess) return;
  measuresProcess = true;
  collectDefaultMetrics({ register: processRegistry });
}
