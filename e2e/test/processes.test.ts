import { afterAll, beforeAll, test } from 'vitest';
import { describeEntityCache } from '../src/entity-cache.ts';
import { describeJourneys } from '../src/journeys.ts';
import { describeSubscriptions, routerReplaced, subgraphKilled } from '../src/subscriptions.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

/** The same as `embedded.test.ts`, with a process for each service; and what only processes can live through. */
let shop: SupergraphUnderTest;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'processes' });
});
afterAll(() => shop?.stop());

describeJourneys(() => shop);
describeEntityCache(() => shop);
describeSubscriptions(() => shop);
test('a subgraph that is killed is followed again', () => subgraphKilled(shop));
test('a router that is replaced sends its followers to the next', () => routerReplaced(shop));
