import { afterAll, beforeAll } from 'vitest';
import { describeEntityCache } from '../src/entity-cache.ts';
import { describeJourneys } from '../src/journeys.ts';
import { describeSubscriptions } from '../src/subscriptions.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

/** The same as `processes.test.ts`, in one process with everything in Postgres. */
let shop: SupergraphUnderTest;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'embedded' });
});
afterAll(() => shop?.stop());

describeJourneys(() => shop);
describeSubscriptions(() => shop);
describeEntityCache(() => shop);
