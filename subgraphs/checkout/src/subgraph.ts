import { readFileSync } from 'node:fs';
import { createViewerVerifier } from '@mercato/auth';
import { LiveFeed } from '@mercato/live';
import { createSubgraphServer, type Subgraph, type SubgraphDependencies } from '@mercato/subgraph-server';
import { gql } from 'graphql-tag';
import type { CheckoutContext } from './context.ts';
import { connectDatabase } from './domain/database.ts';
import { type OrderTokenKeys, OrderTokens } from './domain/order/access-token.ts';
import type { StepObserver } from './domain/placement/drive.ts';
import type { PlaceOrderParts } from './domain/placement/place-order.ts';
import { TokenSeal } from './domain/placement/sealed-token.ts';
import { stockAt } from './domain/placement/stock.ts';
import { startWorker } from './jobs/worker.ts';
import { createLoaders } from './loaders.ts';
import { PaymentProviders, sandboxProvider } from './payment/index.ts';
import { resolvers } from './resolvers/index.ts';
import { type CheckoutSettings, defaultSettings } from './settings.ts';

const typeDefs = gql(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));

export interface CheckoutOwnSettings extends Partial<CheckoutSettings> {
  /** Where the sandbox processor is. */
  readonly paymentSandbox: { readonly url: string; readonly apiKey: string };
  /** Secrets, of 32 signs or more, that orders' access tokens are made with, by version; the last makes new ones. */
  readonly orderTokenKeys: OrderTokenKeys;
  /** Is told of each step of placing an order. */
  readonly onStep?: StepObserver;
}

/** Checkouts, orders and their payments. */
export async function createSubgraph(dependencies: SubgraphDependencies & CheckoutOwnSettings): Promise<Subgraph> {
  const { databaseUrl, logger, trustedKeys } = dependencies;
  const parts = partsOf(dependencies);
  const { db, payments } = parts;
  const live = new LiveFeed({ databaseUrl, logger });

  return createSubgraphServer<CheckoutContext>({
    name: 'checkout',
    typeDefs,
    resolvers,
    verifier: createViewerVerifier('checkout', trustedKeys),
    logger,
    context: (call) => ({ ...parts, ...call, live, loaders: createLoaders(db) }),
    ready: async () => {
      await db.$queryRaw`SELECT 1`;
    },
    startWorker: () => startWorker({ ...dependencies, databaseUrl }, parts),
    close: async () => {
      await live.close();
      await payments.close();
      await db.$disconnect();
    },
  });
}

function partsOf(dependencies: SubgraphDependencies & CheckoutOwnSettings): PlaceOrderParts {
  const { databaseUrl, subgraphs, logger, paymentSandbox, orderTokenKeys, onStep } = dependencies;
  const settings = settingsOf(dependencies);
  const tokens = new OrderTokens(orderTokenKeys);
  const sandbox = sandboxProvider({
    baseUrl: paymentSandbox.url,
    apiKey: paymentSandbox.apiKey,
    timeoutMs: settings.callTimeoutMs,
  });
  return {
    db: connectDatabase(databaseUrl),
    subgraphs,
    stock: stockAt(subgraphs, settings.callTimeoutMs),
    payments: new PaymentProviders({ SANDBOX: sandbox }),
    seal: new TokenSeal(orderTokenKeys, tokens.currentVersion),
    tokens,
    settings,
    logger,
    onStep,
  };
}

/** The defaults, and over them what is given. */
function settingsOf(given: Partial<CheckoutSettings>): CheckoutSettings {
  const names = Object.keys(defaultSettings) as (keyof CheckoutSettings)[];
  return Object.fromEntries(names.map((name) => [name, given[name] ?? defaultSettings[name]])) as Record<
    keyof CheckoutSettings,
    number
  >;
}
