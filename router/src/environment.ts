import { resolve } from 'node:path';
import { declaredPolicies } from '@mercato/auth';
import {
  EnvironmentError,
  flag,
  httpUrl,
  json,
  milliseconds,
  port,
  postgresUrl,
  readEnvironment,
  redisUrl,
} from '@mercato/environment';
import { dnsServers, registryUrl, subgraphUrls } from '@mercato/registry';
import { contracts } from '@mercato/schema/contracts';
import { z } from 'zod';
import { agentVariables, committedTools } from './agents/settings.ts';
import { readTools } from './agents/tool.ts';
import { type AuthorizationSettings, authorizationEnvironment } from './authorization/settings.ts';
import { entityCacheVariables } from './caching/entity-cache/settings.ts';
import { contractVariables } from './contracts/settings.ts';
import { identityVariables, problemOfIssuers, trustedIssuers } from './identity/settings.ts';
import type { TrustedIssuer } from './identity/tokens/issuer.ts';
import { limitsEnvironment } from './limits/settings.ts';
import { type MetricsOptions, observabilityVariables } from './observability/settings.ts';
import type { RouterOptions } from './options.ts';
import type { SchemaConnection } from './schema-lifecycle/connect-schema.ts';
import { graphosGraph, schemaVariables } from './schema-lifecycle/settings.ts';
import { subscriptionVariables } from './subscriptions/settings.ts';
import { trustedDocumentsVariables } from './trusted-documents/options.ts';

const publicKey = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean),
);

const timeoutVariables = {
  OPERATION_TIMEOUT_MS: milliseconds().default(10_000),
  SUBGRAPH_TIMEOUT_MS: milliseconds().default(5_000),
};

const shape = {
  PORT: port().default(4000),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: httpUrl().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_PRETTY: flag().default(false),
  SUBGRAPH_URLS: subgraphUrls(),
  DNS_SERVERS: dnsServers().optional(),
  REGISTRY_URL: registryUrl().optional(),
  SIGNING_KEY: json(publicKey.extend({ d: z.string() })).describe("the router's private Ed25519 key as a JSON Web Key"),
  INTROSPECTION: flag().default(false),
  CORS_ORIGINS: list.default([]),
  REDIS_URL: redisUrl().optional(),
  QUEUE_DATABASE_URL: postgresUrl().optional(),
  OPEN_DASHBOARD: flag().default(false),
  ...authorizationEnvironment,
  ...entityCacheVariables,
  ...identityVariables,
  ...limitsEnvironment,
  ...observabilityVariables,
  ...schemaVariables,
  ...subscriptionVariables,
  ...timeoutVariables,
  MERCATO_DATA_DIR: z.string().optional(),
};

export type RouterEnvironment = ReturnType<typeof readRouterEnvironment>;

/**
 * The settings of a router that runs as a process of its own.
 * @throws EnvironmentError
 */
export function readRouterEnvironment(source: NodeJS.ProcessEnv = process.env) {
  const environment = readEnvironment(shape, source);
  const problem = problemOfIssuers(environment);
  if (problem) throw new EnvironmentError(problem);
  // A data folder means one machine, where people look around.
  const local = environment.MERCATO_DATA_DIR !== undefined;
  return {
    ...environment,
    INTROSPECTION: source.INTROSPECTION ? environment.INTROSPECTION : local,
    OPEN_DASHBOARD: source.OPEN_DASHBOARD ? environment.OPEN_DASHBOARD : local,
  };
}

/** The data folder of the local system, as `npm start` takes it. */
export const dataDirFromEnvironment = (): string =>
  resolve(readEnvironment({ MERCATO_DATA_DIR: z.string().default('.mercato') }).MERCATO_DATA_DIR);

/**
 * Whom a router of this data folder believes: the issuers of the environment, and the folder's own key.
 * @throws EnvironmentError
 */
export function issuersOf(dataDir: string, source: NodeJS.ProcessEnv = process.env): TrustedIssuer[] {
  const environment = readEnvironment(identityVariables, source);
  const problem = problemOfIssuers(environment);
  if (problem) throw new EnvironmentError(problem);
  return trustedIssuers({ ...environment, MERCATO_DATA_DIR: dataDir });
}

/**
 * What a router lets its clients ask for, and how long it takes, as the environment has it.
 * @throws EnvironmentError
 */
export function limitsOf(
  source: NodeJS.ProcessEnv = process.env,
): Pick<RouterOptions, 'limits' | 'rateLimits' | 'trustProxy' | 'subscriptions' | 'timeouts'> {
  const {
    LIMITS: limits,
    RATE_LIMITS: rateLimits,
    TRUST_PROXY: trustProxy,
    SUBSCRIPTIONS: subscriptions,
    OPERATION_TIMEOUT_MS: operation,
    SUBGRAPH_TIMEOUT_MS: subgraph,
  } = readEnvironment({ ...limitsEnvironment, ...subscriptionVariables, ...timeoutVariables }, source);
  return { limits, rateLimits, trustProxy, subscriptions, timeouts: { operation, subgraph } };
}

/**
 * How a router enforces the rules of the schema, as the environment has it.
 * @throws EnvironmentError
 */
export function authorizationOf(source: NodeJS.ProcessEnv = process.env): AuthorizationSettings {
  const { UNAUTHORIZED, POLICIES } = readEnvironment(authorizationEnvironment, source);
  return { unauthorized: UNAUTHORIZED, policies: declaredPolicies(POLICIES) };
}

/**
 * Which contracts of the graph a router serves, and which documents clients are known to send, as the environment has it.
 * @throws EnvironmentError
 */
export function documentSettingsOf(
  source: NodeJS.ProcessEnv = process.env,
): Pick<RouterOptions, 'contracts' | 'trustedDocuments' | 'agentTools'> {
  const { CONTRACTS, TRUSTED_DOCUMENTS, AGENT_TOOLS } = readEnvironment(
    { ...contractVariables, ...trustedDocumentsVariables, ...agentVariables },
    source,
  );
  const agentTools = AGENT_TOOLS === 'off' ? [] : readTools(AGENT_TOOLS ?? committedTools);
  return { contracts: CONTRACTS ?? contracts, trustedDocuments: TRUSTED_DOCUMENTS, agentTools };
}

/**
 * Where a router's schema comes from and where what is asked is reported, as the environment has it.
 * @throws EnvironmentError
 */
export function schemaSettingsOf(source: NodeJS.ProcessEnv = process.env): SchemaSettings {
  const environment = readEnvironment(schemaVariables, source);
  const graphos = graphosGraph(environment);
  return {
    connection: {
      file: environment.SUPERGRAPH_FILE,
      graphos,
      uplinkUrls: environment.APOLLO_SCHEMA_CONFIG_DELIVERY_ENDPOINT?.split(','),
      checks: environment.SCHEMA_CHECKS,
    },
    usageReporting: graphos && {
      ...graphos,
      endpointUrl: environment.APOLLO_USAGE_REPORTING_INGRESS_URL,
      fieldLevelInstrumentation: environment.APOLLO_FIELD_LEVEL_INSTRUMENTATION,
    },
  };
}

export interface SchemaSettings extends Pick<RouterOptions, 'usageReporting'> {
  readonly connection: Pick<SchemaConnection, 'file' | 'graphos' | 'uplinkUrls' | 'checks'>;
}

/**
 * What a router measures, as the environment has it; nothing where it is off.
 * @param open whether this machine may read it without a credential
 * @throws EnvironmentError
 */
export function metricsOf(open: boolean, source: NodeJS.ProcessEnv = process.env): MetricsOptions | undefined {
  const { METRICS, METRICS_PORT } = readEnvironment(observabilityVariables, source);
  return METRICS ? { port: METRICS_PORT, open } : undefined;
}

/**
 * The megabytes of the entity cache; 0 where it is off.
 * @throws EnvironmentError
 */
export const entityCacheSize = (setting = process.env.ENTITY_CACHE): number =>
  readEnvironment(entityCacheVariables, { ENTITY_CACHE: setting }).ENTITY_CACHE;

export interface CliEnvironment {
  readonly dataDir: string;
  /** Any database of the server that the router's is on. */
  readonly DATABASE_URL?: string | undefined;
  /** What the names of the databases begin with. */
  readonly DATABASE_PREFIX: string;
}

/** Which system a command of ours is for, as `npm start` is told. */
export const cliEnvironment = (dataDir: string | undefined): CliEnvironment => ({
  ...readEnvironment({ DATABASE_URL: postgresUrl().optional(), DATABASE_PREFIX: z.string().default('') }),
  dataDir: dataDir ?? dataDirFromEnvironment(),
});

/** Apollo's packages send usage data to Apollo unless told not to. */
export function disableApolloTelemetry(): void {
  process.env.APOLLO_TELEMETRY_DISABLED ??= '1';
}
