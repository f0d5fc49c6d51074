import type { LaunchOptions } from '@mercato/launcher';
import { type SubgraphName, subgraphs } from '@mercato/schema';

/** Ports below those that systems give to outgoing connections, and away from a running `npm start`. */
const port = 21_400;

/** Where subgraphs listen in the processes topology, as the list of subgraphs has it. */
export const subgraphPort = (subgraph: SubgraphName): number =>
  port + (subgraphs.find(({ name }) => name === subgraph)?.portOffset ?? 0);

/** A system as `npm start` runs it, quiet, on its own data folder. */
export const launchOptions = (
  topology: LaunchOptions['topology'],
  { dataDir, reset, seed }: Pick<LaunchOptions, 'dataDir' | 'reset' | 'seed'>,
): LaunchOptions => ({
  topology,
  dataDir,
  reset,
  seed,
  port,
  host: '127.0.0.1',
  databaseUrl: undefined,
  databasePrefix: '',
  redisUrl: undefined,
  queue: undefined,
  logLevel: 'warn',
  hygraph: undefined,
  paymentSandbox: undefined,
});
