import { runService } from '@mercato/subgraph-server';
import { readShippingEnvironment } from './environment.ts';
import { createSubgraph } from './subgraph.ts';

await runService('shipping', readShippingEnvironment, createSubgraph);
