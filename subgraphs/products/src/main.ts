import { runService } from '@mercato/subgraph-server';
import { readProductsEnvironment } from './environment.ts';
import { createSubgraph } from './subgraph.ts';

await runService('products', readProductsEnvironment, (dependencies, environment) =>
  createSubgraph({
    ...dependencies,
    storageDir: environment.STORAGE_DIR,
    mediaPublicUrl: environment.MEDIA_PUBLIC_URL,
    mediaFetchAllow: environment.MEDIA_FETCH_ALLOW,
    currency: environment.SHOP_CURRENCY,
  }),
);
