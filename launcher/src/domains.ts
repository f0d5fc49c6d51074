import { join } from 'node:path';
import { createSubgraph as createCart } from '@mercato/cart';
import { createSubgraph as createCheckout } from '@mercato/checkout';
import { createSubgraph as createContent } from '@mercato/content';
import { createSubgraph as createInventory } from '@mercato/inventory';
import { createSubgraph as createProducts } from '@mercato/products';
import type { SubgraphName } from '@mercato/schema';
import { createSubgraph as createShipping } from '@mercato/shipping';
import type { Subgraph, SubgraphDependencies } from '@mercato/subgraph-server';
import { type LaunchOptions, publicUrlOf } from './environment.ts';
import { orderTokenKeysOf } from './secrets.ts';
import type { ThirdPartyAddresses } from './stand-ins.ts';

/** Makes each domain's subgraph within this process, with the settings that are its own. */
export function domainFactories(
  options: LaunchOptions,
  thirdParties: ThirdPartyAddresses,
): Record<SubgraphName, (dependencies: SubgraphDependencies) => Promise<Subgraph>> {
  const publicUrl = publicUrlOf(options);
  return {
    products: (dependencies) =>
      createProducts({ ...dependencies, storageDir: join(options.dataDir, 'products'), mediaPublicUrl: publicUrl }),
    inventory: (dependencies) => {
      const { holdSweepMs, reconciliationEveryMs, reconciliationGraceMs: graceMs } = options.inventory ?? {};
      return createInventory({ ...dependencies, holdSweepMs, reconciliationEveryMs, reconciliation: { graceMs } });
    },
    cart: (dependencies) => createCart(dependencies),
    checkout: (dependencies) =>
      createCheckout({
        ...dependencies,
        ...options.checkout,
        paymentSandbox: thirdParties.paymentSandbox,
        orderTokenKeys: orderTokenKeysOf(options),
      }),
    shipping: (dependencies) => createShipping(dependencies),
    content: (dependencies) => createContent({ ...dependencies, hygraph: thirdParties.hygraph }),
  };
}
