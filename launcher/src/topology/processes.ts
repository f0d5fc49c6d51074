import { type SubgraphName, subgraphs } from '@mercato/schema';
import type { Logger } from '@mercato/telemetry';
import type { LaunchOptions } from '../environment.ts';
import type { Foundation } from '../foundation.ts';
import { seedInProcess } from '../seed.ts';
import type { ThirdParties } from '../stand-ins.ts';
import { serviceDefinitions } from './definitions.ts';
import { freePorts } from './free-ports.ts';
import type { RunningTopology } from './running-topology.ts';
import { type ServiceProcess, serviceProcess } from './service-process.ts';

export interface RunningProcesses extends RunningTopology {
  /** The processes by name, such as `inventory`, `inventory-worker` and `router`. */
  readonly services: ReadonlyMap<string, ServiceProcess>;
}

/** One process a subgraph, one a worker, and the router, with HTTP between them. */
export async function runProcesses(
  options: LaunchOptions,
  foundation: Foundation,
  thirdParties: ThirdParties,
  logger: Logger,
): Promise<RunningProcesses> {
  const chosen = await freePorts(
    options.host,
    subgraphs.map(({ portOffset }) => options.port + portOffset),
  );
  const ports = {
    router: options.port,
    subgraphs: Object.fromEntries(subgraphs.map(({ name }, index) => [name, chosen[index] ?? 0])) as Record<
      SubgraphName,
      number
    >,
  };
  const services = new Map(
    serviceDefinitions(options, foundation, thirdParties, ports).map((definition) => [
      definition.name,
      serviceProcess(definition, logger),
    ]),
  );
  const stop = async () => {
    // Clients first, then those they call.
    await services.get('router')?.kill('SIGTERM');
    await Promise.all([...services.values()].map((service) => service.kill('SIGTERM')));
  };
  try {
    await Promise.all([...services.values()].map((service) => service.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://${options.host}:${options.port}`,
    services,
    seed: () => seedInProcess(options, foundation, thirdParties, logger),
    stop,
  };
}
