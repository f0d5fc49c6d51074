import { runService } from '@mercato/subgraph-server';
import { readCartEnvironment } from './environment.ts';
import { createSubgraph } from './subgraph.ts';

await runService('cart', readCartEnvironment, createSubgraph);
