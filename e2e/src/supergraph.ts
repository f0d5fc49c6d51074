import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
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
import { aPlace, type Place, putExampleShop } from './example-shop.ts';

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
export async function startSupergraph(shop: ShopOptions): Promise<SupergraphUnderTest> {
  const postgres = await testPostgres();
  const place = aPlace();
  const clean = async () => {
    await dropDatabasesLike(postgres.url, place.databasePrefix);
    rmSync(place.dataDir, { recursive: true, force: true });
  };
  try {
    await putExampleShop(place, postgres.url, (at) => seed(at, postgres.url));
    const supergraph = await start(place, postgres.url, shop);
    return underTest(supergraph, place.dataDir, clean);
  } catch (error) {
    await clean();
    throw error;
  }
}

export interface ShopOptions {
  readonly topology: Topology;
  readonly queue?: LaunchOptions['queue'];
  readonly inventory?: LaunchOptions['inventory'];
  readonly checkout?: LaunchOptions['checkout'];
}

const start = (place: Place, databaseUrl: string, shop: ShopOptions): Promise<Supergraph> =>
  launch(
    {
      queue: shop.topology === 'embedded' ? 'postgres' : undefined,
      inventory: {},
      checkout: {},
      ...shop,
      ...place,
      // Below the ports that systems give to outgoing connections, so that none is lost between choice and use.
      port: randomInt(200, 300) * 100,
      host: '127.0.0.1',
      databaseUrl,
      redisUrl: undefined,
      reset: false,
      seed: true,
      logLevel: testLogLevel(),
      hygraph: undefined,
      paymentSandbox: undefined,
    },
    { logger: createLogger({ name: 'launcher', level: testLogLevel() }), tell: () => undefined },
  );

async function seed(place: Place, databaseUrl: string): Promise<string[]> {
  const { foundation, stop } = await start(place, databaseUrl, { topology: 'embedded' });
  await stop();
  return Object.values(foundation.databaseUrls);
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
