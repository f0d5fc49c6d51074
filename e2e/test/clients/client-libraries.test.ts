import { afterAll, beforeAll } from 'vitest';
import { type SupergraphUnderTest, startSupergraph } from '../../src/supergraph.ts';
import { describeApolloClient } from './apollo-client.ts';
import { describeRelay } from './relay.ts';
import { describeUrql } from './urql.ts';

/** The libraries that storefronts are written with, as they are published, against the whole system over HTTP. */
let shop: SupergraphUnderTest;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'embedded' });
});
afterAll(() => shop?.stop());

describeApolloClient(() => shop);
describeUrql(() => shop);
describeRelay(() => shop);
