import type { SubgraphCall } from '@mercato/subgraph-server';
import type { Content } from './domain/content.ts';
import type { Loaders } from './loaders.ts';

export type ContentContext = SubgraphCall & {
  readonly content: Content;
  readonly loaders: Loaders;
};

/**
 * All that content knows of what the catalog sells is its handle.
 * @mapped
 */
export interface CatalogReference {
  readonly handle: string;
}
