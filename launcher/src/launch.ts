import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@mercato/telemetry';
import { eraseDataFolder, prepareDataFolder } from './data-folder.ts';
import { publicUrlOf } from './domains.ts';
import type { LaunchOptions } from './environment.ts';
import { layFoundation } from './foundation.ts';
import { LaunchError } from './launch-error.ts';
import { startStandIns } from './stand-ins.ts';
import { runEmbedded } from './topology/embedded.ts';
import { freePorts } from './topology/free-ports.ts';
import { runProcesses } from './topology/processes.ts';
import type { RunningTopology } from './topology/running-topology.ts';

/** Brings the whole supergraph up, telling each step. What was started is stopped again when a step fails. */
export async function launch(
  options: LaunchOptions,
  logger: Logger,
  tell: (line: string) => void,
): Promise<RunningTopology> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await refuseTakenPort(options);
    if (options.reset) eraseDataFolder(options.dataDir);
    prepareDataFolder(options.dataDir);

    const foundation = await layFoundation(options, logger);
    undo.push(foundation.stop);
    tell(`Data        ${foundation.description.database}, queues on ${foundation.description.queue}`);
    const thirdParties = await startStandIns(options, logger);
    undo.push(thirdParties.stop);

    const run = options.topology === 'embedded' ? runEmbedded : runProcesses;
    const topology = await run(options, foundation, thirdParties, logger);
    undo.push(topology.stop);
    if (options.seed) await seedOnce(options, topology, tell);

    announce(options, tell);
    return { ...topology, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function refuseTakenPort({ host, port }: LaunchOptions): Promise<void> {
  const [free] = await freePorts(host, [port]);
  if (port !== 0 && free !== port) {
    throw new LaunchError(`Port ${port} is in use: stop what listens there, or choose another with --port.`);
  }
}

async function seedOnce(
  options: LaunchOptions,
  topology: RunningTopology,
  tell: (line: string) => void,
): Promise<void> {
  const marker = join(options.dataDir, 'seeded');
  if (existsSync(marker)) return;
  tell('Seeding     the example shop');
  await topology.seed();
  writeFileSync(marker, new Date().toISOString());
}

function announce(options: LaunchOptions, tell: (line: string) => void): void {
  const url = publicUrlOf(options);
  tell(`
Mercato is ready.
  GraphQL     ${url}/graphql
  Explorer    ${url}/graphiql
  Queues      ${url}/queues
  Health      ${url}/health/ready`);
}
