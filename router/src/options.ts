import type { ViewerSigner } from '@mercato/auth';
import type { Queues } from '@mercato/queue';
import type { ContractFilter } from '@mercato/schema/contract';
import type { SubgraphTransport } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { FastifyPluginAsync } from 'fastify';
import type { ToolDocument } from './agents/tool.ts';
import type { AuthorizationSettings } from './authorization/settings.ts';
import type { EntityCacheOptions } from './caching/entity-cache/entity-cache.ts';
import type { UsageReportingSettings } from './graphos/usage-reporting.ts';
import type { Identity } from './identity/identity.ts';
import { type CostOptions, defaultCostOptions } from './limits/cost/operation-cost.ts';
import { type DocumentLimits, defaultDocumentLimits, defaultValueLimits, type ValueLimits } from './limits/options.ts';
import type { RateLimits } from './limits/rate/rate-limiter.ts';
import type { SharedAccounts } from './limits/rate/shared-accounts.ts';
import type { TrustedProxies } from './limits/trust-proxy.ts';
import type { MetricsOptions } from './observability/settings.ts';
import type { PlanningSettings } from './planning/planning-thread.ts';
import type { SchemaSource } from './schema-lifecycle/schema-source.ts';
import type { SubscriptionSettings } from './subscriptions/settings.ts';
import type { TrustedDocumentsOptions } from './trusted-documents/options.ts';
import type { SharedTexts } from './trusted-documents/persisted-queries.ts';

export interface RouterOptions {
  /** The composed supergraph, with its authorization directives: they are taken out here. */
  readonly supergraphSdl: string;
  /** Where new versions of it come from; closed with the router. It stays as it is without one. */
  readonly schemaSource?: SchemaSource | undefined;
  /** The graph of Apollo GraphOS that what is asked is reported for; nothing is reported unless set. */
  readonly usageReporting?: Omit<UsageReportingSettings, 'logger'> | undefined;
  /** How subgraphs are reached. Closed by whoever made it. */
  readonly transport: SubgraphTransport;
  /** Signs as the caller `router`, which subgraphs let speak for any viewer. */
  readonly signer: ViewerSigner;
  readonly identity: Identity;
  readonly logger: Logger;
  /** 0 asks the system for a free one. */
  readonly port: number;
  readonly host: string;
  /** Base address that clients use, where it is not the one listened on, such as behind a load balancer. */
  readonly publicUrl?: string | undefined;
  /** Whether clients may ask for the schema; the explorers need it. */
  readonly introspection: boolean;
  /** Whether `/graphiql` is served; as `introspection` unless set. */
  readonly explorer?: boolean;
  /**
   * Origins whose pages may call, beside this one and Apollo's explorers; `http://localhost:*` is that host on any port,
   * `*` every origin.
   */
  readonly corsOrigins?: readonly string[];
  readonly timeouts?: Partial<Timeouts>;
  /** Keeps what subgraphs answer for as long as the schema says; nothing is kept without. */
  readonly entityCache?: EntityCacheOptions | undefined;
  readonly limits?: Partial<RequestLimits>;
  /** Points in time for each client; requests from this machine are not counted unless set. */
  readonly rateLimits?: Partial<RateLimits>;
  /** Where several routers count points together; each for itself without. Closed by whoever made it. */
  readonly sharedAccounts?: SharedAccounts | undefined;
  readonly trustProxy?: TrustedProxies | undefined;
  readonly planning?: Partial<PlanningSettings>;
  /** Of connections that stay: how many, how much of each, how long they are waited for. */
  readonly subscriptions?: Partial<SubscriptionSettings>;
  /** How the rules of the schema are enforced: fields are null unless set, and policies hold for nobody. */
  readonly authorization?: Partial<AuthorizationSettings>;
  /** Variants of the graph by `@tag`, by name: each is served at `/<name>/graphql`. */
  readonly contracts?: Readonly<Record<string, ContractFilter>> | undefined;
  /** The documents that agents may run as tools at `/mcp`; nothing stands there without any. */
  readonly agentTools?: readonly ToolDocument[] | undefined;
  /** Issuers that agents' users get tokens from, by their addresses; agents are told of none unless set. */
  readonly authorizationServers?: readonly string[] | undefined;
  /** What clients are known to send, and whether anything else is taken. */
  readonly trustedDocuments?: TrustedDocumentsOptions | undefined;
  /** Where several routers keep the documents that clients registered; each for itself without. */
  readonly sharedTexts?: SharedTexts | undefined;
  /** Client headers, in lower case, that subgraphs are given too; none but these and the trace. */
  readonly forwardHeaders?: readonly string[];
  /** The queues whose dashboard stands at `/queues`; none without them. */
  readonly queues?: Pick<Queues, 'bullQueues' | 'counts'> | undefined;
  readonly queueNames?: readonly string[];
  /** Whether browsers of this machine see the dashboard without a token: for development. */
  readonly openDashboard?: boolean;
  /** What it does is measured, and told at `/metrics`; nothing is unless set. */
  readonly metrics?: MetricsOptions | undefined;
  /** The subgraphs that `/health/ready` reports on; all of the supergraph unless set. */
  readonly subgraphNames?: readonly string[];
  /** Resolves while the subgraph is ready. Asked with a GraphQL query unless set. */
  readonly readyOf?: (subgraph: string, signal: AbortSignal) => Promise<void>;
  /** Routes of subgraphs in this process, such as uploads, by subgraph. */
  readonly mounted?: Readonly<Record<string, FastifyPluginAsync | undefined>>;
  /** Paths that are passed through over HTTP to a subgraph, such as `{ '/uploads': 'products' }`. */
  readonly passThrough?: Readonly<Record<string, string>>;
  /** The HTTP base address of a subgraph, for `passThrough`. */
  readonly baseUrlOf?: (subgraph: string) => string | undefined;
}

/** Milliseconds. */
export interface Timeouts {
  /** A whole operation, from its arrival to its answer. */
  readonly operation: number;
  /** One read from a subgraph. A mutation may take what is left of the operation: giving up leaves its outcome open. */
  readonly subgraph: number;
  /** By subgraph, where one needs another. */
  readonly bySubgraph: Readonly<Record<string, number>>;
}

export const defaultTimeouts: Timeouts = { operation: 10_000, subgraph: 5_000, bySubgraph: {} };

/** What one request may ask for; beyond is refused with a sentence before anything is planned. */
export interface RequestLimits extends DocumentLimits, ValueLimits, CostOptions {
  /** Bytes. An import's `data` is 1 MiB of text, which JSON's escapes may more than double. */
  readonly body: number;
}

export const defaultLimits: RequestLimits = {
  ...defaultDocumentLimits,
  ...defaultValueLimits,
  ...defaultCostOptions,
  body: 4 * 1024 * 1024,
};
