import { join } from 'node:path';
import { createSubgraph as createCart } from '@mercato/cart';
import { createSubgraph as createCheckout } from '@mercato/checkout';
import { createSubgraph as createContent } from '@mercato/content';
import { createSubgraph as createInventory } from '@mercato/inventory';
import { createSubgraph as createProducts } from '@mercato/products';
import type { SubgraphName } from '@mercato/schema';
import { createSubgraph as createShipping } from '@mercato/shipping';
import type { Subgraph, SubgraphDependencies } from '@mercato/subgraph-server';
import type { LaunchOptions } from './environment.ts';
import type { ThirdParties } from './stand-ins.ts';

/** Where the router can be reached by people. */
export const publicUrlOf = ({ host, port }: LaunchOptions): string =>
  `http://${host === '127.0.0.1' || host === '0.0.0.0' ? 'localhost' : host}:${port}`;

/** Makes each domain's subgraph within this process, with the settings that are its own. */
export function domainFactories(
  options: LaunchOptions,
  thirdParties: ThirdParties,
): Record<SubgraphName, (dependencies: SubgraphDependencies) => Promise<Subgraph>> {
  const publicUrl = publicUrlOf(options);
  return {
    products: (dependencies) =>
      createProducts({ ...dependencies, storageDir: join(options.dataDir, 'products'), mediaPublicUrl: publicUrl }),
    inventory: (dependencies) => createInventory(dependencies),
    cart: (dependencies) => createCart(dependencies),
    checkout: (dependencies) => createCheckout({ ...dependencies, paymentSandbox: thirdParties.paymentSandbox }),
    shipping: (dependencies) => createShipping(dependencies),
    content: (dependencies) => createContent({ ...dependencies, hygraph: thirdParties.hygraph }),
  };
}
