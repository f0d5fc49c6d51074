import type { SubgraphCall } from '@mercato/subgraph-server';
import type { Domain } from './domain/index.ts';
import type { Loaders } from './loaders.ts';

export type ProductsContext = SubgraphCall & {
  readonly loaders: Loaders;
  readonly domain: Domain;
};
