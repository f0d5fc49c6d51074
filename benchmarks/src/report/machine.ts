import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What it was measured on; the load tells whether the machine did something else as well. */
export const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  system: `${type()} ${release()}`,
  node: process.version,
  loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  at: new Date().toISOString(),
});

export const describeMachine = ({
  processor,
  cores,
  memoryGiB,
  system,
  node,
  loadBefore,
  at,
}: ReturnType<typeof machine>): string =>
  `${cores} cores (${processor}), ${memoryGiB} GiB, ${system}, Node ${node}, load before ${loadBefore}, ${at}`;
