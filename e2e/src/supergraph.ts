import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropDatabasesLike } from '@mercato/database';
import { type LaunchOptions, launch, type ServiceProcess, type Supergraph } from '@mercato/launcher';
import type { QueueConnection } from '@mercato/queue';
import { issueToken } from '@mercato/router';
import { createLogger } from '@mercato/telemetry';
import { testPostgres } from '@mercato/testkit';
import pg from 'pg';
import { Agent, request } from 'undici';
import { type Client, createClient } from './client.ts';
import { testLogLevel } from './environment.ts';

export type Topology = 'embedded' | 'processes';

export interface Authorization {
  readonly id: string;
  readonly status: string;
  /** Minor units. */
  readonly amount: string;
}

export interface SupergraphUnderTest {
  readonly url: string;
  readonly dataDir: string;
  readonly guest: Client;
  /** A token of someone of the shop's staff with these scopes. */
  token(...scopes: string[]): Promise<string>;
  /** Someone of the shop's staff with these scopes. */
  staff(...scopes: string[]): Promise<Client>;
  /** A process of the processes topology, such as `inventory-worker`. */
  service(name: string): ServiceProcess;
  readonly queueConnection: QueueConnection;
  /** Of each domain's own database. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** Where a domain's database is, for programs beside the supergraph. */
  databaseUrl(domain: string): string;
  /** Looks into a domain's database. */
  sql<Row extends pg.QueryResultRow>(domain: string, text: string, values?: unknown[]): Promise<Row[]>;
  /** What the card processor's stand-in has authorized for an order, whatever the order knows of it. */
  authorizations(orderId: string): Promise<Authorization[]>;
  stop(): Promise<void>;
}

/**
 * A whole supergraph with the example shop, for one test file: databases of its own on the tests' Postgres, a data
 * folder of its own. Embedded it keeps its queues in Postgres, as processes in Redis where there is one.
 */
export async function startSupergraph({
  topology,
  queue = topology === 'embedded' ? 'postgres' : undefined,
  seed = true,
  inventory = {},
  checkout = {},
}: {
  topology: Topology;
  queue?: LaunchOptions['queue'];
  seed?: boolean;
  inventory?: LaunchOptions['inventory'];
  checkout?: LaunchOptions['checkout'];
}): Promise<SupergraphUnderTest> {
  const postgres = await testPostgres();
  const databasePrefix = `test_e2e_${randomBytes(4).toString('hex')}_`;
  const dataDir = mkdtempSync(join(tmpdir(), 'mercato-e2e-'));
  const clean = async () => {
    await dropDatabasesLike(postgres.url, databasePrefix);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const supergraph = await launch(
    {
      topology,
      // Below the ports that systems give to outgoing connections, so that none is lost between choice and use.
      port: randomInt(200, 300) * 100,
      host: '127.0.0.1',
      dataDir,
      databaseUrl: postgres.url,
      databasePrefix,
      redisUrl: undefined,
      queue,
      reset: false,
      seed,
      logLevel: testLogLevel(),
      hygraph: undefined,
      paymentSandbox: undefined,
      inventory,
      checkout,
    },
    { logger: createLogger({ name: 'launcher', level: testLogLevel() }), tell: () => undefined },
  ).catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  return underTest(supergraph, dataDir, clean);
}

function underTest(supergraph: Supergraph, dataDir: string, clean: () => Promise<void>): SupergraphUnderTest {
  const { url, services, foundation } = supergraph;
  const agent = new Agent({ connections: 64 });
  const token = (...scopes: string[]) =>
    issueToken({ dataDir, scopes, kind: 'staff', subject: 'staff_test', expires: '1h' });
  const pools = new Map<string, pg.Pool>();
  const poolOf = (domain: string): pg.Pool => {
    const pool = pools.get(domain) ?? new pg.Pool({ connectionString: foundation.databaseUrls[domain], max: 2 });
    pools.set(domain, pool);
    return pool;
  };
  return {
    url,
    dataDir,
    guest: createClient(url, agent),
    token,
    staff: async (...scopes) => createClient(url, agent, await token(...scopes)),
    service(name) {
      const service = services.get(name);
      if (!service) throw new Error(`No process ${name} runs; there are ${[...services.keys()].join(', ')}.`);
      return service;
    },
    queueConnection: foundation.queueConnection,
    databaseUrls: foundation.databaseUrls,
    databaseUrl(domain) {
      const databaseUrl = foundation.databaseUrls[domain];
      if (!databaseUrl) throw new Error(`There is no database of ${domain}.`);
      return databaseUrl;
    },
    async sql<Row extends pg.QueryResultRow>(domain: string, text: string, values: unknown[] = []) {
      const { rows } = await poolOf(domain).query<Row>(text, values);
      return rows;
    },
    async authorizations(orderId) {
      const { url: processor, apiKey } = supergraph.thirdParties.paymentSandbox;
      const { body } = await request(`${processor}/v1/authorizations?reference=${orderId}`, {
        dispatcher: agent,
        headers: { authorization: `Bearer ${apiKey}` },
      });
      return ((await body.json()) as { data: Authorization[] }).data;
    },
    async stop() {
      await agent.destroy();
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      await supergraph.stop();
      await clean();
    },
  };
}
