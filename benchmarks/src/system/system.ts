import { join } from 'node:path';
import { launch, type ServiceProcess } from '@mercato/launcher';
import { issueToken } from '@mercato/router';
import pg from 'pg';
import type { BenchmarkRun } from '../benchmark.ts';
import { type LoadClient, loadClient } from '../load/client.ts';
import { startMeasured } from '../processes/measured-process.ts';
import { launchOptions, type SystemOptions } from './launch-options.ts';

/** The whole supergraph, running beside the benchmark. */
export interface System {
  /** Base address of the router. */
  readonly url: string;
  readonly dataDir: string;
  /** A client with so many connections; staff's when scopes are named, else a guest's. */
  client(connections: number, scopes?: readonly string[]): Promise<LoadClient>;
  /** A request of staff with these scopes, for what is no GraphQL. */
  staffToken(scopes: readonly string[]): Promise<string>;
  sql<Row extends pg.QueryResultRow>(domain: string, text: string, values?: unknown[]): Promise<Row[]>;
  /** A process of the processes topology, such as `inventory-worker`. */
  service(name: string): ServiceProcess;
  stop(): Promise<void>;
}

const underway = new Set<() => Promise<void>>();

/** Stops every system that runs: their databases would outlive this process. */
export async function stopAllSystems(): Promise<void> {
  await Promise.all([...underway].map((stop) => stop()));
}

interface Running {
  readonly url: string;
  readonly databaseUrls: Readonly<Record<string, string>>;
  readonly services: ReadonlyMap<string, ServiceProcess>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly name: string;
  readonly topology: 'embedded' | 'processes';
  /** On the data of the last one of the name. */
  readonly keep?: boolean;
  readonly seed?: boolean;
  /** Off unless set: kept answers cost nothing, and what answers cost is measured. */
  readonly entityCache?: SystemOptions['entityCache'];
}

export async function startSystem(
  run: BenchmarkRun,
  { name, topology, keep = false, seed = false, entityCache = 'off' }: StartOptions,
): Promise<System> {
  const dataDir = join(run.dataDir, name);
  const running =
    topology === 'embedded'
      ? await embedded(dataDir, entityCache)
      : await processes(run, { dataDir, reset: !keep, seed, entityCache });
  underway.add(running.stop);
  const pools = new Map<string, pg.Pool>();
  const poolOf = (domain: string): pg.Pool => {
    const pool =
      pools.get(domain) ??
      new pg.Pool({ connectionString: running.databaseUrls[domain], max: 2, application_name: 'mercato-benchmarks' });
    pools.set(domain, pool);
    return pool;
  };
  const staffToken = (scopes: readonly string[]) =>
    issueToken({ dataDir, scopes, kind: 'staff', subject: 'staff_benchmark', expires: '2h' });
  return {
    url: running.url,
    dataDir,
    staffToken,
    async client(connections, scopes = []) {
      const headers = scopes.length > 0 ? { authorization: `Bearer ${await staffToken(scopes)}` } : undefined;
      return loadClient(`${running.url}/graphql`, connections, headers);
    },
    async sql<Row extends pg.QueryResultRow>(domain: string, text: string, values: unknown[] = []) {
      const { rows } = await poolOf(domain).query<Row>(text, values);
      return rows;
    },
    service(serviceName) {
      const service = running.services.get(serviceName);
      if (!service)
        throw new Error(`No process ${serviceName} runs; there are ${[...running.services.keys()].join(', ')}.`);
      return service;
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      underway.delete(running.stop);
      await running.stop();
    },
  };
}

async function processes({ logger, tell, signal }: BenchmarkRun, where: SystemOptions): Promise<Running> {
  const { url, services, foundation, stop } = await launch(launchOptions('processes', where), {
    logger,
    signal,
    tell: (line) => tell(`  ${line}`),
  });
  return { url, services, databaseUrls: foundation.databaseUrls, stop };
}

/** On a data folder that a system of processes has filled before. */
async function embedded(dataDir: string, entityCache: SystemOptions['entityCache']): Promise<Running> {
  const running = await startMeasured(['benchmarks/src/system/embedded-process.ts', dataDir, entityCache]);
  return { url: running.url, services: new Map(), databaseUrls: running.databaseUrls, stop: running.stop };
}
