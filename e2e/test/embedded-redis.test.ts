import { afterAll, beforeAll } from 'vitest';
import { describeEntityCache } from '../src/entity-cache.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

/** What is kept, and told of in events, goes another way where there is Redis. */
let shop: SupergraphUnderTest;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'embedded', queue: 'redis' });
});
afterAll(() => shop?.stop());

describeEntityCache(() => shop);
