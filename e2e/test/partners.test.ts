import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getIntrospectionQuery } from 'graphql';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '../src/client.ts';
import { bareEnvironment } from '../src/environment.ts';
import { aProduct } from '../src/shop.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

let shop: SupergraphUnderTest;
const agent = new Agent();
let partner: Client;
let withoutKey: Client;
let withoutScope: Client;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'embedded' });
  await shop.sql(
    'inventory',
    "INSERT INTO warehouse (id, code, name, partner_id) VALUES ('warehouse_acme', $1, 'Acme', $2)",
    [warehouse, owner],
  );
  const address = `${shop.url}/partner`;
  partner = createClient(address, agent, await keyWith('inventory:count'));
  withoutScope = createClient(address, agent, await keyWith('webhooks:read'));
  withoutKey = createClient(address, agent);
});
afterAll(async () => {
  await agent.close();
  await shop?.stop();
});

const owner = 'partner_acme';
/** A warehouse of the partner's own: others are none of its business. */
const warehouse = 'ACME';

/** A key as `npm run key` makes it. */
async function keyWith(scope: string): Promise<string> {
  const database = new URL(shop.databaseUrl('router'));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'router/src/cli/key.ts', 'create', '--name', 'Feed', '--scope', scope, '--owner', owner],
    {
      cwd: join(import.meta.dirname, '../..'),
      env: {
        ...bareEnvironment(),
        DATABASE_URL: database.href,
        DATABASE_PREFIX: database.pathname.slice(1).replace(/router$/, ''),
      },
    },
  );
  return stdout.trim();
}

interface Feed {
  products: {
    pageInfo: { hasNextPage: boolean; endCursor: string };
    nodes: { id: string; handle: string; status: string; updatedAt: string; variants: { sku: string }[] }[];
  };
}

describe('what partners send, with their key', () => {
  test('CatalogFeed: page by page, and from an instant on with what was archived since', async () => {
    const seen = new Set<string>();
    let after: string | undefined;
    do {
      const { products } = await partner.ask<Feed>('CatalogFeed', { first: 25, after });
      for (const { handle } of products.nodes) {
        expect(seen, handle).not.toContain(handle);
        seen.add(handle);
      }
      after = products.pageInfo.hasNextPage ? products.pageInfo.endCursor : undefined;
    } while (after);
    expect(seen.size).toBeGreaterThanOrEqual(60);

    const updatedAfter = new Date().toISOString();
    const staff = await shop.staff('catalog:read', 'catalog:write');
    const { sku, productId } = await aProduct(shop, { onHand: 1 });
    await staff.ask('ProductUpdate', { input: { id: productId, status: 'ARCHIVED' } });
    const { products: since } = await partner.ask<Feed>('CatalogFeed', { updatedAfter });
    expect(since.nodes).toMatchObject([{ id: productId, status: 'ARCHIVED', variants: [{ sku }] }]);
  });

  test('AvailabilityBySku', async () => {
    const { sku } = await aProduct(shop, { onHand: 3 });
    const { variants } = await partner.ask<{ variants: { sku: string; availability: { status: string } }[] }>(
      'AvailabilityBySku',
      { skus: [sku, 'NO-SUCH-SKU'] },
    );
    expect(variants).toMatchObject([{ sku, availability: { status: expect.stringMatching(/^(IN|LOW)_STOCK$/) } }]);
  });

  test('PartnerCount, once however often it is sent', async () => {
    const { sku } = await aProduct(shop, { onHand: 10 });
    const input = {
      warehouse,
      lines: [{ sku, counted: 10 }],
      countedAt: new Date().toISOString(),
      idempotencyKey: randomUUID(),
    };
    type Counted = { stockCountSubmit: { count: { id: string; lineCount: number }; userErrors: unknown[] } };
    const { stockCountSubmit: first } = await partner.ask<Counted>('PartnerCount', { input });
    expect(first).toMatchObject({ count: { lineCount: 1 }, userErrors: [] });
    const { stockCountSubmit: again } = await partner.ask<Counted>('PartnerCount', { input });
    expect(again.count.id).toBe(first.count.id);

    const unknown = { ...input, warehouse: 'MAIN', idempotencyKey: randomUUID() };
    const { stockCountSubmit: refused } = await partner.ask<Counted>('PartnerCount', { input: unknown });
    expect(refused).toMatchObject({ count: null, userErrors: [{ __typename: 'NotFoundError' }] });
    // What partners cannot ask for is not named to them either.
    expect(JSON.stringify(refused)).not.toContain('warehouses');
  });

  test.each([
    ['without a key', () => withoutKey, 'UNAUTHENTICATED'],
    ['with a key for something else', () => withoutScope, 'FORBIDDEN'],
  ])('PartnerCount %s is refused', async (_what, client, code) => {
    const input = { warehouse: 'MAIN', lines: [], countedAt: new Date().toISOString(), idempotencyKey: randomUUID() };
    const { data, errors } = await client().send<{ stockCountSubmit: unknown }>('PartnerCount', { input });
    expect(data?.stockCountSubmit ?? null).toBeNull();
    expect(errors?.[0]?.extensions?.code).toBe(code);
  });
});

describe('what partners do not see', () => {
  test('the rest of the graph in introspection', async () => {
    const { data } = await partner.query<{ __schema: { types: { name: string }[] } }>(getIntrospectionQuery());
    const names = data?.__schema.types.map(({ name }) => name) ?? [];
    expect(names).toEqual(expect.arrayContaining(['Product', 'StockCount', 'Money']));
    for (const type of ['Order', 'Cart', 'Checkout', 'StockLevel', 'Warehouse', 'BlogPost', 'CacheControlScope']) {
      expect(names).not.toContain(type);
    }
  });

  test.each([
    ['orders', '{ orders { nodes { id } } }', 'Cannot query field "orders" on type "Query".'],
    ['stock by warehouse', '{ stockLevels { nodes { onHand } } }', 'Cannot query field "stockLevels" on type "Query".'],
    [
      'what is like it',
      '{ variants(skus: []) { weigth { value } } }',
      'Cannot query field "weigth" on type "ProductVariant".',
    ],
  ])('%s, in errors', async (_what, query, message) => {
    const { errors } = await partner.query(query);
    expect(errors?.map((error) => error.message)).toEqual([message]);
  });

  test.each(['ProductPage', 'CartView', 'Orders', 'StockAdjust'])('%s, which others send', async (operation) => {
    const { data, errors } = await partner.send(operation);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});
