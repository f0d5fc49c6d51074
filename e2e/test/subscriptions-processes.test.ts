import { test } from 'vitest';
import { describeSubscriptions, routerReplaced, subgraphKilled } from '../src/subscriptions.ts';

describeSubscriptions('processes', (shop) => {
  test('a subgraph that is killed is followed again', () => subgraphKilled(shop()));
  test('a router that is replaced sends its followers to the next', () => routerReplaced(shop()));
});
