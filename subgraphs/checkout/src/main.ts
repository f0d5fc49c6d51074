import { runService } from '@mercato/subgraph-server';
import { readCheckoutEnvironment } from './environment.ts';
import { createSubgraph } from './subgraph.ts';

await runService('checkout', readCheckoutEnvironment, (dependencies, environment) =>
  createSubgraph({
    ...dependencies,
    paymentSandbox: { url: environment.PAYMENT_SANDBOX_URL, apiKey: environment.PAYMENT_SANDBOX_API_KEY },
    orderTokenKeys: environment.ORDER_TOKEN_KEYS,
    ...(environment.CHECKOUT_LIFETIME_MS ? { checkoutLifetimeMs: environment.CHECKOUT_LIFETIME_MS } : {}),
    ...(environment.PLACEMENT_LEASE_MS ? { leaseMs: environment.PLACEMENT_LEASE_MS } : {}),
    ...(environment.PLACEMENT_SWEEP_MS ? { sweepEveryMs: environment.PLACEMENT_SWEEP_MS } : {}),
  }),
);
