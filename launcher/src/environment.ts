import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  EnvironmentError,
  httpUrl,
  milliseconds,
  port,
  postgresUrl,
  readEnvironment,
  redisUrl,
} from '@mercato/environment';
import { z } from 'zod';

/** The root of the checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** Where the router can be reached by people. */
export const publicUrlOf = ({ host, port }: Pick<LaunchOptions, 'host' | 'port'>): string =>
  `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`;

export interface LaunchOptions {
  readonly topology: 'embedded' | 'processes';
  readonly port: number;
  readonly host: string;
  /** Origins whose pages may call the router, as its own options have them; none but Apollo's explorers when absent. */
  readonly corsOrigins?: readonly string[];
  readonly dataDir: string;
  /** A Postgres server of the user's own, with a role that may create databases; embedded when absent. */
  readonly databaseUrl: string | undefined;
  /** What the names of the databases begin with: several systems may share one server. */
  readonly databasePrefix: string;
  readonly redisUrl: string | undefined;
  /** Demands a queue backend; otherwise it is found. */
  readonly queue: 'redis' | 'postgres' | undefined;
  readonly reset: boolean;
  readonly seed: boolean;
  readonly logLevel: string;
  /** A Hygraph project; our own content server stands in when absent. */
  readonly hygraph: { readonly endpoint: string; readonly token: string | undefined } | undefined;
  /** A card processor that speaks the sandbox's protocol; our own stands in when absent. */
  readonly paymentSandbox: { readonly url: string; readonly apiKey: string } | undefined;
  /** The router's own settings; those of its environment where absent. */
  readonly router?: {
    readonly entityCache?: 'on' | 'off' | undefined;
  };
  /** Inventory's own settings, in ms; its defaults where absent. */
  readonly inventory?: {
    readonly holdSweepMs?: number | undefined;
    readonly reconciliationEveryMs?: number | undefined;
    readonly reconciliationGraceMs?: number | undefined;
  };
  /** Checkout's own settings, in ms; its defaults where absent. */
  readonly checkout?: {
    readonly leaseMs?: number | undefined;
    readonly sweepEveryMs?: number | undefined;
  };
}

/** What the start can be told, by flag and by variable; `npm start` shows it before anything is installed. */
export const help = (): string => readFileSync(join(root, 'launcher', 'help.txt'), 'utf8').trimEnd();

const variables = {
  PORT: port().default(4000),
  HOST: z.string().default('127.0.0.1'),
  CORS_ORIGINS: z.string().default('http://localhost:*,http://127.0.0.1:*'),
  MERCATO_DATA_DIR: z.string().default('.mercato'),
  DATABASE_URL: postgresUrl().optional(),
  DATABASE_PREFIX: z
    .string()
    .regex(/^[a-z0-9_]{0,40}$/, 'it wants at most 40 of a-z, 0-9 and _')
    .default(''),
  REDIS_URL: redisUrl().optional(),
  MERCATO_QUEUE: z.enum(['redis', 'postgres']).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'),
  HYGRAPH_ENDPOINT: httpUrl().optional(),
  HYGRAPH_TOKEN: z.string().optional(),
  PAYMENT_SANDBOX_URL: httpUrl().optional(),
  PAYMENT_SANDBOX_API_KEY: z.string().optional(),
  HOLD_SWEEP_MS: milliseconds().optional(),
  RECONCILIATION_EVERY_MS: milliseconds().optional(),
  RECONCILIATION_GRACE_MS: z.coerce.number().int().min(0).optional(),
  PLACEMENT_LEASE_MS: milliseconds().optional(),
  PLACEMENT_SWEEP_MS: milliseconds().optional(),
};

/**
 * Flags win over variables.
 * @returns null when help was asked for
 * @throws EnvironmentError naming the flag or variable and what it wants
 */
export function readOptions(args: readonly string[], source: NodeJS.ProcessEnv = process.env): LaunchOptions | null {
  const flags = parseFlags(args);
  if (flags.help) return null;
  const environment = readEnvironment(variables, {
    ...source,
    ...(flags.port === undefined ? {} : { PORT: flags.port }),
    ...(flags['data-dir'] === undefined ? {} : { MERCATO_DATA_DIR: flags['data-dir'] }),
    ...(flags['log-level'] === undefined ? {} : { LOG_LEVEL: flags['log-level'] }),
  });
  return {
    topology: flags.processes ? 'processes' : 'embedded',
    port: environment.PORT,
    host: environment.HOST,
    corsOrigins: environment.CORS_ORIGINS.split(',').map((origin) => origin.trim()),
    dataDir: resolve(root, environment.MERCATO_DATA_DIR),
    databaseUrl: environment.DATABASE_URL,
    databasePrefix: environment.DATABASE_PREFIX,
    redisUrl: environment.REDIS_URL,
    queue: environment.MERCATO_QUEUE,
    reset: flags.reset,
    seed: !flags['no-seed'],
    logLevel: environment.LOG_LEVEL,
    hygraph: environment.HYGRAPH_ENDPOINT
      ? { endpoint: environment.HYGRAPH_ENDPOINT, token: environment.HYGRAPH_TOKEN }
      : undefined,
    paymentSandbox: environment.PAYMENT_SANDBOX_URL
      ? { url: environment.PAYMENT_SANDBOX_URL, apiKey: environment.PAYMENT_SANDBOX_API_KEY ?? '' }
      : undefined,
    inventory: {
      holdSweepMs: environment.HOLD_SWEEP_MS,
      reconciliationEveryMs: environment.RECONCILIATION_EVERY_MS,
      reconciliationGraceMs: environment.RECONCILIATION_GRACE_MS,
    },
    checkout: { leaseMs: environment.PLACEMENT_LEASE_MS, sweepEveryMs: environment.PLACEMENT_SWEEP_MS },
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        processes: { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
        'no-seed': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        'log-level': { type: 'string' },
      },
    }).values;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(`${problem.replace(/\.$/, '')}. See npm start -- --help.`);
  }
}

/** Where a domain's migrations are. */
export const schemaOf = (domain: string) => ({
  schemaPath: join(root, 'prisma', domain, 'schema.prisma'),
  migrationsPath: join(root, 'prisma', domain, 'migrations'),
});

/** What a child process inherits: the person's own environment, such as PATH. */
export const inheritedEnvironment = (): NodeJS.ProcessEnv => process.env;
