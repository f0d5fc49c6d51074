import { bundlePrograms } from '@mercato/bundle';
import type { LaunchOptions } from '../environment.ts';
import type { Foundation } from '../foundation.ts';
import type { LaunchControl } from '../launch.ts';
import { forgetRunning, recordRunning } from '../running-system.ts';
import { neededStandIns, thirdPartyAddresses } from '../stand-ins.ts';
import { serviceDefinitions, standInDefinitions } from './definitions.ts';
import { choosePorts } from './ports.ts';
import type { RunningTopology } from './running-topology.ts';
import { serviceProcess } from './service-process.ts';

/** One process a subgraph, one a worker, the router and the stand-ins, with HTTP between them. */
export async function runProcesses(
  wanted: LaunchOptions,
  foundation: Foundation,
  { logger, signal }: LaunchControl,
): Promise<RunningTopology> {
  const ports = await choosePorts(wanted);
  const options = { ...wanted, port: ports.router };
  const standIns = neededStandIns(options, ports.standIns);
  const thirdParties = thirdPartyAddresses(options, standIns);
  const definitions = [
    ...standInDefinitions(options, standIns),
    ...serviceDefinitions(options, foundation, thirdParties, ports),
  ];
  const programs = await bundlePrograms(definitions.map(({ entry }) => entry));
  const services = new Map(
    definitions.map((definition) => [
      definition.name,
      serviceProcess({ ...definition, entry: programs.get(definition.entry) ?? definition.entry }, logger),
    ]),
  );
  const stop = async () => {
    forgetRunning(options.dataDir);
    // Clients first, then those they call.
    const { router, ...others } = Object.fromEntries(services);
    for (const service of Object.values(others)) service.leaveEnded();
    await router?.kill('SIGTERM');
    await Promise.all(Object.values(others).map((service) => service.kill('SIGTERM')));
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all([...services.values()].map((service) => service.start()));
    recordRunning(options.dataDir, options.host, definitions);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://${options.host}:${ports.router}`,
    services,
    thirdParties,
    async seed(signal) {
      const { seedInProcess } = await import('../seed.ts');
      await seedInProcess(options, foundation, thirdParties, logger, signal);
    },
    stop,
  };
}
