import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ServiceDefinition } from './topology/service-process.ts';

/** Where the instances of a system without Redis announce themselves. */
export const instancesFolder = (dataDir: string): string => join(dataDir, 'instances');

const recordFile = (dataDir: string): string => join(dataDir, 'running.json');

const recordShape = z.object({
  /** Of the launcher. */
  pid: z.int(),
  host: z.string(),
  /** What answers calls, by subgraph. */
  services: z.record(
    z.string(),
    z.object({ name: z.string(), entry: z.string(), environment: z.record(z.string(), z.string()) }),
  ),
});

/** What a system that runs as processes tells those who add an instance to it. */
export type RunningSystem = z.infer<typeof recordShape>;

/**
 * Leaves word of how the services that answer calls were started. It holds their keys and passwords, as the data folder
 * does: nobody else may read it.
 */
export function recordRunning(dataDir: string, host: string, definitions: readonly ServiceDefinition[]): void {
  const answering = definitions.filter(({ environment }) => environment.ROLE === 'api');
  const record: RunningSystem = {
    pid: process.pid,
    host,
    services: Object.fromEntries(
      answering.map(({ name, entry, environment }) => [name, { name, entry, environment: { ...environment } }]),
    ),
  };
  const file = recordFile(dataDir);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** @returns undefined when no start as processes left word */
export function readRunning(dataDir: string): RunningSystem | undefined {
  try {
    return recordShape.parse(JSON.parse(readFileSync(recordFile(dataDir), 'utf8')));
  } catch (error) {
    // Asked each second while a system ends: it may be gone at any moment.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Who added an instance takes it away then. */
export const forgetRunning = (dataDir: string): void => rmSync(recordFile(dataDir), { force: true });

/** What a start that was killed left. */
export function forgetLastRun(dataDir: string): void {
  forgetRunning(dataDir);
  rmSync(instancesFolder(dataDir), { recursive: true, force: true });
}
