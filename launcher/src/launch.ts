import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeServer } from '@mercato/database';
import { freePorts } from '@mercato/ports';
import type { Logger } from '@mercato/telemetry';
import { holdDataFolder } from './data-folder.ts';
import { type LaunchOptions, publicUrlOf } from './environment.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import { errorSentence, LaunchError } from './launch-error.ts';
import { forgetLastRun } from './running-system.ts';
import { untilSettled } from './settled.ts';
import type { RunningTopology } from './topology/running-topology.ts';

export type { LaunchOptions } from './environment.ts';
export { readOptions } from './environment.ts';
export type { RunningTopology } from './topology/running-topology.ts';
export type { ServiceProcess } from './topology/service-process.ts';

export interface Supergraph extends RunningTopology {
  /** What it stands on, for those who look behind the router. */
  readonly foundation: Pick<Foundation, 'databaseUrls' | 'queueConnection'>;
}

export interface LaunchControl {
  readonly logger: Logger;
  /** Is told each step in a line. */
  readonly tell: (line: string) => void;
  /** Aborted when the start is no longer wanted: what was started is stopped again. */
  readonly signal?: AbortSignal;
}

/** Brings the whole supergraph up. What was started is stopped again when a step fails. */
export async function launch(options: LaunchOptions, control: LaunchControl): Promise<Supergraph> {
  const { logger, tell, signal } = control;
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await refuseTakenPort(options);
    const dataFolder = await holdDataFolder(options.dataDir);
    undo.push(async () => dataFolder.release());
    if (options.reset) await dataFolder.erase();
    forgetLastRun(options.dataDir);
    signal?.throwIfAborted();

    const foundation = await layFoundation(options, logger);
    undo.push(foundation.stop);
    tell(`Data        ${foundation.description.database}, queues on ${foundation.description.queue}`);
    signal?.throwIfAborted();

    const topology = await runTopology(options, foundation, control);
    undo.push(topology.stop);
    signal?.throwIfAborted();
    if (options.seed) await seedOnce(options, topology, foundation, control);

    signal?.throwIfAborted();
    return { ...topology, foundation, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function refuseTakenPort({ host, port }: LaunchOptions): Promise<void> {
  const [free] = await freePorts(host, [port]).catch((error: unknown) => {
    throw new LaunchError(`Nothing can listen on ${host}: ${errorSentence(error)}. Choose another HOST or --port.`);
  });
  if (port !== 0 && free !== port) {
    throw new LaunchError(`Port ${port} is in use: stop what listens there, or choose another with --port.`);
  }
}

/** Loaded when chosen: the code of all domains takes seconds to load, and only one topology runs it here. */
async function runTopology(
  options: LaunchOptions,
  foundation: Foundation,
  control: LaunchControl,
): Promise<RunningTopology> {
  if (options.topology === 'embedded') {
    const { runEmbedded } = await import('./topology/embedded.ts');
    return runEmbedded(options, foundation, control.logger);
  }
  const { runProcesses } = await import('./topology/processes.ts');
  return runProcesses(options, foundation, control);
}

async function seedOnce(
  options: LaunchOptions,
  topology: RunningTopology,
  foundation: Foundation,
  { logger, tell, signal }: LaunchControl,
): Promise<void> {
  const marker = join(options.dataDir, 'seeded');
  const seeded = existsSync(marker) ? readFileSync(marker, 'utf8').split('\n') : [];
  const server = databasesOf(options);
  if (seeded.includes(server)) return;
  tell('Seeding     the example shop');
  await topology.seed(signal);
  const settled = await untilSettled(foundation, { logger, patienceMs: 60_000, signal });
  if (!settled) tell('            parts of it are still being told from service to service; they arrive by themselves');
  appendFileSync(marker, `${server}\n`);
}

/** Which databases a start uses: the same data folder may be started on one server today and on another tomorrow. */
const databasesOf = ({ databaseUrl, databasePrefix }: LaunchOptions): string =>
  `${databaseUrl === undefined ? 'embedded' : describeServer(databaseUrl)} ${databasePrefix}`.trim();

export function announce(options: LaunchOptions, tell: (line: string) => void): void {
  const url = publicUrlOf(options);
  tell(`
Mercato is ready.
  GraphQL     ${url}/graphql
  Explorer    ${url}/graphiql
  Queues      ${url}/queues
  Health      ${url}/health/ready`);
}
