import { createHash, randomUUID } from 'node:crypto';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { documentOf } from '../../src/documents.ts';
import { aCart, aProduct, type Cart, type UserError } from '../../src/shop.ts';
import type { SupergraphUnderTest } from '../../src/supergraph.ts';
import { subscriptionClient } from './subscriptions.ts';
import { inWords, recordingFetch } from './wire.ts';

interface ProductList {
  products: { totalCount: number; pageInfo: { endCursor: string }; nodes: { id: string; handle: string }[] };
}
interface CartChange {
  cart: Cart;
  userErrors: UserError[];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Which types stand behind an interface or a union, as the library's guide has them read from the schema. */
async function possibleTypesOf(shop: SupergraphUnderTest): Promise<Record<string, string[]>> {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __schema { types { kind name possibleTypes { name } } } }' }),
  });
  const { data } = (await response.json()) as {
    data: { __schema: { types: { name: string; possibleTypes: { name: string }[] | null }[] } };
  };
  return Object.fromEntries(
    data.__schema.types.flatMap(({ name, possibleTypes }) =>
      possibleTypes ? [[name, possibleTypes.map((type) => type.name)]] : [],
    ),
  );
}

async function apolloClient(shop: SupergraphUnderTest, { persisted = false } = {}) {
  const { fetch, exchanges } = recordingFetch();
  const http = new HttpLink({ uri: `${shop.url}/graphql`, fetch, headers: { 'apollo-require-preflight': 'true' } });
  const hashed = new PersistedQueryLink({ sha256, useGETForHashedQueries: true });
  const client = new ApolloClient({
    link: persisted ? hashed.concat(http) : http,
    cache: new InMemoryCache({
      possibleTypes: await possibleTypesOf(shop),
      typePolicies: { Query: { fields: { products: relayStylePagination(['search', 'filter', 'sort']) } } },
    }),
  });
  return { client, exchanges };
}

export function describeApolloClient(running: () => SupergraphUnderTest): void {
  describe('@apollo/client', () => {
    test("reads the storefront's documents, and finds what it read before in its cache", async () => {
      const { client, exchanges } = await apolloClient(running());
      const query = gql(documentOf('ProductPage'));
      const list = await client.query<ProductList>({ query: gql(documentOf('ProductList')), variables: { first: 3 } });
      const handle = list.data?.products.nodes[0]?.handle;
      const first = await client.query({ query, variables: { handle } });
      const again = await client.query({ query, variables: { handle } });
      expect(first.data).toMatchObject({ product: { __typename: 'Product', handle } });
      expect(again.data).toEqual(first.data);
      expect(exchanges.map(inWords)).toEqual(['POST document 200', 'POST document 200']);
      expect(exchanges[0]?.contentType).toMatch(/^application\/graphql-response\+json/);
    });

    test('pages through a connection with its own policy for Relay-style pages', async () => {
      const { client } = await apolloClient(running());
      const query = gql`query Pages($after: String) {
        products(first: 2, sort: TITLE, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor startCursor hasPreviousPage } }
      }`;
      type Pages = { products: { edges: { node: { id: string } }[]; pageInfo: { endCursor: string } } };
      const pages = client.watchQuery<Pages>({ query });
      const shown: string[][] = [];
      const screen = pages.subscribe(({ data, dataState }) => {
        if (dataState === 'complete') shown.push(data.products.edges.map(({ node }) => node.id));
      });
      await vi.waitFor(() => expect(shown).toHaveLength(1));
      await pages.fetchMore({ variables: { after: pages.getCurrentResult().data?.products?.pageInfo?.endCursor } });
      await vi.waitFor(() => expect(new Set(shown.at(-1)).size).toBe(4));
      screen.unsubscribe();
      expect(shown.at(-1)?.slice(0, 2)).toEqual(shown[0]);
    });

    test('a mutation updates what the cache holds of a cart, wherever it is shown', async () => {
      const shop = running();
      const { client } = await apolloClient(shop);
      const { sku } = await aProduct(shop, { onHand: 5 });
      const made = await client.mutate<{ cartCreate: CartChange }>({
        mutation: gql(documentOf('CartCreate')),
        variables: { input: { currency: 'USD', lines: [{ sku, quantity: 1 }] } },
      });
      const id = made.data?.cartCreate.cart.id;
      const view = { query: gql(documentOf('CartView')), variables: { id } };
      await client.query(view);
      const added = await client.mutate<{ cartLinesAdd: CartChange }>({
        mutation: gql(documentOf('CartLinesAdd')),
        variables: { input: { cartId: id, lines: [{ sku, quantity: 2 }] } },
      });
      expect(added.data?.cartLinesAdd.userErrors).toEqual([]);
      expect(client.readQuery<{ cart: Cart }>(view)?.cart.totalQuantity).toBe(3);

      const tooMany = await client.mutate<{ cartLinesAdd: CartChange }>({
        mutation: gql(documentOf('CartLinesAdd')),
        variables: { input: { cartId: id, lines: [{ sku, quantity: 90 }] } },
      });
      expect(tooMany.data?.cartLinesAdd.userErrors).toMatchObject([{ __typename: 'InsufficientStockError', sku }]);
    });

    test('follows a cart by subscription, and shows the changes through its cache', async () => {
      const shop = running();
      const socket = subscriptionClient(shop);
      const { client } = await apolloClient(shop);
      client.setLink(
        ApolloLink.split(
          ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
          new GraphQLWsLink(socket),
          client.link,
        ),
      );
      const { sku } = await aProduct(shop, { onHand: 5 });
      const cart = await aCart(shop.guest, sku);
      const view = { query: gql(documentOf('CartView')), variables: { id: cart.id } };
      await client.query(view);
      const updates = client
        .subscribe({ query: gql(documentOf('CartUpdates')), variables: { id: cart.id } })
        .subscribe({});
      const shown = () => client.readQuery<{ cart: Cart }>(view)?.cart.totalQuantity;
      await expect
        .poll(
          async () => {
            await shop.guest.ask('CartLinesAdd', { input: { cartId: cart.id, lines: [{ sku, quantity: 1 }] } });
            return shown();
          },
          { timeout: 20_000, interval: 500 },
        )
        .toBeGreaterThan(1);
      updates.unsubscribe();
      await socket.dispose();
    });

    test('tells errors of a document apart from those of the network', async () => {
      const { client } = await apolloClient(running());
      const refused = await client.query({ query: gql`{ productz { id } }`, errorPolicy: 'all' });
      expect(CombinedGraphQLErrors.is(refused.error)).toBe(true);
      expect(refused.error?.message).toContain('productz');
    });

    test('sends a hash by GET, and the document only to a router that never saw it', async () => {
      const shop = running();
      const query = gql`query ${`Persisted_${randomUUID().replaceAll('-', '')}`} { products(first: 1) { nodes { id } } }`;
      for (const expected of [['GET hash 200', 'POST document 200'], ['GET hash 200']]) {
        const { client, exchanges } = await apolloClient(shop, { persisted: true });
        const { data } = await client.query<{ products: { nodes: unknown[] } }>({ query });
        expect(data?.products.nodes).toHaveLength(1);
        expect(exchanges.map(inWords)).toEqual(expected);
      }
    });
  });
}
