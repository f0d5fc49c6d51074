import { type LaunchOptions, readOptions } from '@mercato/launcher';
import { type SubgraphName, subgraphs } from '@mercato/schema';

/** Ports below those that systems give to outgoing connections, and away from a running `npm start`. */
const port = 21_400;

/** Where subgraphs listen in the processes topology, as the list of subgraphs has it. */
export const subgraphPort = (subgraph: SubgraphName): number =>
  port + (subgraphs.find(({ name }) => name === subgraph)?.portOffset ?? 0);

export interface SystemOptions extends Pick<LaunchOptions, 'dataDir' | 'reset' | 'seed'> {
  readonly entityCache: 'on' | 'off';
}

/** A system as `npm start` runs it, on its own data folder; without the entity cache where that is not measured. */
export function launchOptions(
  topology: LaunchOptions['topology'],
  { dataDir, reset, seed, entityCache }: SystemOptions,
): LaunchOptions {
  const flags = ['--port', String(port), '--data-dir', dataDir, ...(topology === 'processes' ? ['--processes'] : [])];
  const options = readOptions(flags, {});
  if (!options) throw new Error('The launcher printed its help.');
  return { ...options, reset, seed, router: { entityCache } };
}
