import { randomUUID } from 'node:crypto';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { describe, expect, test } from 'vitest';
import { documentOf } from '../../src/documents.ts';
import { aProduct, type Cart, type UserError } from '../../src/shop.ts';
import type { SupergraphUnderTest } from '../../src/supergraph.ts';
import { subscriptionClient } from './subscriptions.ts';
import { inWords, recordingFetch } from './wire.ts';

function urqlClient(shop: SupergraphUnderTest, { byGet = false } = {}) {
  const { fetch, exchanges } = recordingFetch();
  const client = new Client({
    url: `${shop.url}/graphql`,
    exchanges: [cacheExchange, fetchExchange],
    preferGetMethod: byGet ? 'force' : false,
    fetchOptions: { headers: { 'apollo-require-preflight': 'true' } },
    fetch,
  });
  return { client, exchanges };
}

export function describeUrql(running: () => SupergraphUnderTest): void {
  describe('urql', () => {
    test("reads the storefront's documents, by POST or by GET", async () => {
      for (const byGet of [false, true]) {
        const { client, exchanges } = urqlClient(running(), { byGet });
        const { data, error } = await client.query(documentOf('ProductList'), { first: 3 }).toPromise();
        expect(error).toBeUndefined();
        expect(data.products.nodes).toHaveLength(3);
        await client.query(documentOf('ProductList'), { first: 3 }).toPromise();
        expect(exchanges.map(inWords)).toEqual([`${byGet ? 'GET' : 'POST'} document 200`]);
      }
    });

    test('a mutation lets what it changed be read anew', async () => {
      const shop = running();
      const { client, exchanges } = urqlClient(shop);
      const { sku } = await aProduct(shop, { onHand: 5 });
      const made = await client
        .mutation<{ cartCreate: { cart: Cart; userErrors: UserError[] } }>(documentOf('CartCreate'), {
          input: { currency: 'USD', lines: [{ sku, quantity: 1 }] },
        })
        .toPromise();
      const cart = made.data?.cartCreate.cart;
      const view = () => client.query<{ cart: Cart }>(documentOf('CartView'), { id: cart?.id }).toPromise();
      await view();
      await client
        .mutation(documentOf('CartLinesUpdate'), {
          input: { cartId: cart?.id, lines: [{ lineId: cart?.lines[0]?.id, quantity: 4 }] },
        })
        .toPromise();
      expect((await view()).data?.cart.totalQuantity).toBe(4);
      expect(exchanges).toHaveLength(4);
    });

    test('follows availability by subscription', async () => {
      const shop = running();
      const socket = subscriptionClient(shop);
      const client = new Client({
        url: `${shop.url}/graphql`,
        preferGetMethod: false,
        exchanges: [
          fetchExchange,
          subscriptionExchange({
            forwardSubscription: ({ query = '', variables }) => ({
              subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables: { ...variables } }, sink) }),
            }),
          }),
        ],
      });
      const { sku } = await aProduct(shop, { onHand: 5 });
      const told: unknown[] = [];
      const { unsubscribe } = client
        .subscription(documentOf('AvailabilityChanges'), { skus: [sku] })
        .subscribe(({ data }) => told.push(data));
      const staff = await shop.staff('inventory:write');
      await expect
        .poll(
          async () => {
            const input = { warehouse: 'MAIN', sku, delta: -1, reason: 'CORRECTION', idempotencyKey: randomUUID() };
            await staff.ask('StockAdjust', { input });
            return told.length;
          },
          { timeout: 20_000, interval: 500 },
        )
        .toBeGreaterThan(0);
      unsubscribe();
      await socket.dispose();
      expect(told[0]).toMatchObject({ availabilityChanged: { sku, availability: { status: expect.any(String) } } });
    });

    test('tells what was wrong with a document', async () => {
      const { client } = urqlClient(running());
      const { error } = await client.query('{ productz { id } }', {}).toPromise();
      expect(error?.networkError).toBeUndefined();
      expect(error?.graphQLErrors[0]?.message).toContain('productz');
    });
  });
}
