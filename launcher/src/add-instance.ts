import { bundlePrograms } from '@mercato/bundle';
import { freePort } from '@mercato/ports';
import type { Logger } from '@mercato/telemetry';
import { isHeld } from './data-folder.ts';
import { LaunchError } from './launch-error.ts';
import { type RunningSystem, readRunning } from './running-system.ts';
import { reachedAt } from './topology/definitions.ts';
import { type ServiceProcess, serviceProcess } from './topology/service-process.ts';

/** How often it is seen whether the system still runs. */
const watchEveryMs = 1_000;

export interface AddedInstance {
  readonly url: string;
  readonly service: ServiceProcess;
  /** Resolves when the system that it was added to has ended. */
  readonly systemEnded: Promise<void>;
  /** Withdraws it, lets what runs end, and ends it. */
  stop(): Promise<void>;
}

/**
 * Starts one more process that answers a subgraph's calls, in a system that runs: on its database, queues and keys,
 * announced in its registry.
 * @throws LaunchError when nothing fitting runs in the data folder
 */
export async function addInstance(dataDir: string, subgraph: string, logger: Logger): Promise<AddedInstance> {
  const system = await systemIn(dataDir);
  const definition = system.services[subgraph];
  if (!definition) {
    throw new LaunchError(`There is no subgraph ${subgraph}: name ${Object.keys(system.services).join(', ')}.`);
  }
  const port = await freePort(system.host);
  const url = reachedAt(system.host, port);
  const programs = await bundlePrograms([definition.entry]);
  const service = serviceProcess(
    {
      name: `${subgraph}-${port}`,
      entry: programs.get(definition.entry) ?? definition.entry,
      environment: { ...definition.environment, PORT: String(port), ADVERTISE_URL: url },
    },
    logger,
  );
  await service.start();
  const watch = watchSystem(dataDir, system.pid);
  return {
    url: `${url}/graphql`,
    service,
    systemEnded: watch.ended,
    async stop() {
      watch.stop();
      await service.kill('SIGTERM');
    },
  };
}

async function systemIn(dataDir: string): Promise<RunningSystem> {
  if (!(await isHeld(dataDir))) {
    throw new LaunchError(
      `Nothing runs in the data folder ${dataDir}: start it with npm start -- --processes, or name another with --data-dir.`,
    );
  }
  const system = readRunning(dataDir);
  if (!system) {
    throw new LaunchError(
      `What runs in the data folder ${dataDir} takes no further instances, or is not ready yet: they are for npm start -- --processes.`,
    );
  }
  return system;
}

/** A system that stops says so by taking its word back; one that was killed is not there. */
function watchSystem(dataDir: string, pid: number): { ended: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      if (readRunning(dataDir)?.pid !== pid || !isAlive(pid)) resolve();
    }, watchEveryMs);
  });
  return { ended, stop: () => clearInterval(timer) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
