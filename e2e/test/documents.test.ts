import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveryTo } from '@mercato/outbox';
import { announce } from '@mercato/products/announce';
import { connectQueues, type Queues } from '@mercato/queue';
import { subgraphs } from '@mercato/schema';
import { createLogger } from '@mercato/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../src/client.ts';
import { aCart, aCheckout, aProduct, type Cart, cartCreate, complete, type UserError } from '../src/shop.ts';
import { type SupergraphUnderTest, startSupergraph } from '../src/supergraph.ts';

let shop: SupergraphUnderTest;
let queues: Queues;
let staff: Client;
beforeAll(async () => {
  shop = await startSupergraph({ topology: 'embedded' });
  queues = await connectQueues(shop.queueConnection, { logger: createLogger({ name: 'test', level: 'fatal' }) });
  staff = await shop.staff(
    'catalog:read',
    'catalog:write',
    'inventory:read',
    'inventory:write',
    'orders:read',
    'orders:write',
  );
});
afterAll(async () => {
  await queues?.close();
  await shop?.stop();
});

/** The payload of a mutation that was done. */
async function done<Payload extends { userErrors: UserError[] }>(
  client: Client,
  operation: string,
  input: Record<string, unknown>,
): Promise<Payload> {
  const [payload] = Object.values(await client.ask<Record<string, Payload>>(operation, { input }));
  expect(payload?.userErrors).toEqual([]);
  if (!payload) throw new Error(`${operation} gave no payload.`);
  return payload;
}

describe('storefront/catalog', () => {
  test('ProductList: search, filters, sorting, facets, paging', async () => {
    interface List {
      products: {
        totalCount: number;
        pageInfo: { hasNextPage: boolean; endCursor: string };
        facets: { kind: string; values: { count: number }[] }[];
        nodes: { handle: string; featuredImage: { url: string } | null; availability: { status: string } | null }[];
      };
    }
    const { products: all } = await shop.guest.ask<List>('ProductList', { first: 10, sort: 'TITLE' });
    expect(all.totalCount).toBeGreaterThanOrEqual(60);
    expect(all.nodes).toHaveLength(10);
    expect(all.facets.length).toBeGreaterThan(0);
    const { products: next } = await shop.guest.ask<List>('ProductList', {
      first: 10,
      sort: 'TITLE',
      after: all.pageInfo.endCursor,
    });
    expect(next.nodes.map(({ handle }) => handle)).not.toContain(all.nodes.at(-1)?.handle);

    const { products: mugs } = await shop.guest.ask<List>('ProductList', {
      search: 'mug',
      filter: { category: 'table', priceMin: '5.00', priceMax: '200.00', inStock: true },
      sort: 'PRICE_ASC',
      currency: 'USD',
    });
    expect(mugs.nodes.map(({ handle }) => handle)).toContain('stoneware-mug');
  });

  test('ProductPage: every product of the shop has pictures, prices and availability', async () => {
    const handles = handlesOfTheShop();
    expect(handles.length).toBeGreaterThanOrEqual(60);
    for (const handle of handles) {
      const { product } = await shop.guest.ask<{
        product: {
          featuredImage: { url: string } | null;
          variants: { sku: string; price: { amount: string } | null; availability: { status: string } | null }[];
        } | null;
      }>('ProductPage', { handle, locale: 'DE', currency: 'USD' });
      expect(product?.featuredImage, handle).toBeTruthy();
      expect(product?.variants.length, handle).toBeGreaterThan(0);
      for (const { sku, price, availability } of product?.variants ?? []) {
        expect(price, sku).toMatchObject({ amount: expect.stringMatching(/^\d+\.\d\d$/) });
        expect(availability?.status, sku).toMatch(/^(IN_STOCK|LOW_STOCK|OUT_OF_STOCK|BACKORDER|PREORDER)$/);
      }
    }
  });

  test('CategoryTree and SearchSuggestions', async () => {
    const { categories } = await shop.guest.ask<{ categories: { children: { productCount: number }[] }[] }>(
      'CategoryTree',
    );
    expect(categories.some(({ children }) => children.some(({ productCount }) => productCount > 0))).toBe(true);
    const { searchSuggestions } = await shop.guest.ask<{ searchSuggestions: { text: string }[] }>('SearchSuggestions', {
      prefix: 'sto',
    });
    expect(searchSuggestions.length).toBeGreaterThan(0);
  });
});

function handlesOfTheShop(): string[] {
  const file = join(import.meta.dirname, '../../subgraphs/products/seed/products.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const products = lines.map((line) => JSON.parse(line) as { handle: string; status?: string });
  return products.filter(({ status = 'ACTIVE' }) => status.toUpperCase() === 'ACTIVE').map(({ handle }) => handle);
}

describe('storefront/content', () => {
  test.each(['EN', 'DE'])('BlogIndex, BlogArticle, Faqs, PageBySlug and Shell in %s', async (locale) => {
    const { blogPosts } = await shop.guest.ask<{ blogPosts: { totalCount: number; nodes: { slug: string }[] } }>(
      'BlogIndex',
      { locale },
    );
    expect(blogPosts.totalCount).toBeGreaterThanOrEqual(8);
    for (const { slug } of blogPosts.nodes) {
      const { blogPost } = await shop.guest.ask<{
        blogPost: {
          locale: string;
          body: { html: string };
          products: { handle: string; priceRange: unknown; availability: unknown }[];
        };
      }>('BlogArticle', { slug, locale });
      expect(blogPost.body.html).toContain('<p>');
      for (const product of blogPost.products) expect(product.priceRange, product.handle).toBeTruthy();
    }
    const { faqs } = await shop.guest.ask<{ faqs: { question: string }[] }>('Faqs', { locale });
    expect(faqs.length).toBeGreaterThan(0);
    for (const slug of ['privacy-policy', 'terms', 'shipping-and-returns']) {
      const { page } = await shop.guest.ask<{ page: { slug: string; body: { html: string } } }>('PageBySlug', {
        slug,
        locale,
      });
      expect(page).toMatchObject({ slug, body: { html: expect.stringContaining('<') } });
    }
    const shell = await shop.guest.ask<{ navigation: { items: unknown[] }; banners: unknown[] }>('Shell', { locale });
    expect(shell.navigation.items.length).toBeGreaterThan(0);
    expect(shell.banners.length).toBeGreaterThan(0);
  });
});

describe('storefront/cart and checkout', () => {
  test('every document of a cart', async () => {
    const { sku } = await aProduct(shop, { onHand: 50 });
    const cart = await aCart(shop.guest, sku, 2);
    expect(cart.lines).toMatchObject([{ sku, quantity: 2, total: { amount: '20.00', currency: 'USD' } }]);
    type Payload = { cart: Cart & { discountCodes: unknown[] }; userErrors: UserError[] };
    const cartId = cart.id;
    const added = await done<Payload>(shop.guest, 'CartLinesAdd', { cartId, lines: [{ sku, quantity: 1 }] });
    expect(added.cart.totalQuantity).toBe(3);
    const lineId = added.cart.lines[0]?.id;
    const updated = await done<Payload>(shop.guest, 'CartLinesUpdate', { cartId, lines: [{ lineId, quantity: 5 }] });
    expect(updated.cart.cost.total).toEqual({ amount: '50.00', currency: 'USD' });
    const coded = await done<Payload>(shop.guest, 'CartDiscountCodesUpdate', { cartId, codes: ['WELCOME10'] });
    expect(coded.cart.discountCodes).toEqual([{ code: 'WELCOME10', applied: false, reason: 'UNKNOWN' }]);
    const { cart: viewed } = await shop.guest.ask<{ cart: Cart }>('CartView', { id: cartId });
    expect(viewed.totalQuantity).toBe(5);
    const emptied = await done<Payload>(shop.guest, 'CartLinesRemove', { cartId, lineIds: [lineId] });
    expect(emptied.cart.lines).toEqual([]);
  });

  test('a sku that nobody sells is told', async () => {
    const { cartCreate } = await shop.guest.ask<{ cartCreate: { userErrors: UserError[] } }>('CartCreate', {
      input: { currency: 'USD', lines: [{ sku: 'NO-SUCH-SKU', quantity: 1 }] },
    });
    expect(cartCreate.userErrors).toMatchObject([{ __typename: 'UnknownSkuError', sku: 'NO-SUCH-SKU' }]);
  });

  test('CheckoutView, OrderStatus, Orders, OrderTimeline, ShipmentDispatch', async () => {
    const { sku } = await aProduct(shop, { onHand: 5 });
    const checkout = await aCheckout(shop.guest, await aCart(shop.guest, sku));
    const { checkout: viewed } = await shop.guest.ask<{ checkout: { status: string } }>('CheckoutView', {
      id: checkout.id,
    });
    expect(viewed.status).toBe('OPEN');
    const { order, accessToken } = await complete(shop.guest, checkout);
    const id = order?.id;
    expect(await shop.guest.ask('OrderStatus', { id, accessToken })).toMatchObject({ order: { id, status: 'PLACED' } });
    expect(await shop.guest.ask('OrderStatus', { id, accessToken: 'guessed' })).toEqual({ order: null });

    const { orders } = await staff.ask<{ orders: { totalCount: number; nodes: { id: string }[] } }>('Orders', {
      filter: { statuses: ['PLACED'], email: 'ada@example.com' },
    });
    expect(orders.nodes.map((node) => node.id)).toContain(id);
    const timeline = () =>
      staff.ask<{ order: { timeline: { kind: string }[]; shipments: { id: string }[] } }>('OrderTimeline', { id });
    await expect.poll(async () => (await timeline()).order.shipments.length, { timeout: 20_000 }).toBe(1);
    const [shipment] = (await timeline()).order.shipments;
    const { shipment: sent } = await done<{
      shipment: { status: string; trackingUrl: string };
      userErrors: UserError[];
    }>(staff, 'ShipmentDispatch', { shipmentId: shipment?.id, carrier: 'UPS', trackingNumber: '1Z999AA10123456784' });
    expect(sent.trackingUrl).toContain('1Z999AA10123456784');
    await expect
      .poll(async () => (await timeline()).order.timeline.map(({ kind }) => kind), { timeout: 20_000 })
      .toContain('SHIPPED');
  });
});

describe('backoffice/catalog', () => {
  test('ProductCreate, ProductUpdate, VariantPriceUpdate', async () => {
    const { sku, productId } = await aProduct(shop, { onHand: 1 });
    const title = `Big kettle ${sku}`;
    expect(await done(staff, 'ProductUpdate', { id: productId, title })).toMatchObject({ product: { title } });
    const price = { amount: '8.00', currency: 'USD' };
    expect(await done(staff, 'VariantPriceUpdate', { sku, price, compareAtPrice: null })).toMatchObject({
      variant: { sku, price, compareAtPrice: null },
    });
    expect(await done(staff, 'ProductUpdate', { id: productId, status: 'ARCHIVED' })).toMatchObject({
      product: { status: 'ARCHIVED' },
    });
  });

  test('CatalogImportStart and CatalogImport: opening stock reaches inventory once, a bad row is told', async () => {
    const sku = `IMP-${randomUUID().slice(0, 8)}`;
    const handle = sku.toLowerCase();
    const data = [
      'Handle,Title,Vendor,Type,Variant SKU,Variant Price,Variant Inventory Qty,Status',
      `${handle},Imported kettle,Acme,Kettles,${sku},19.90,7,active`,
      `${handle}-bad,Broken kettle,Acme,Kettles,${sku}-B,not a price,1,active`,
      '',
    ].join('\n');
    for (const _time of ['first', 'again']) await importAndWait(data);
    const onHand = async () =>
      (await staff.ask<{ stockLevels: { nodes: { onHand: number }[] } }>('StockLevels', { filter: { sku } }))
        .stockLevels.nodes;
    await expect.poll(onHand, { timeout: 20_000 }).toMatchObject([{ onHand: 7 }]);
  });
});

async function importAndWait(data: string): Promise<void> {
  interface Import {
    status: string;
    rejected: number;
    errors: { nodes: { line: number; column: string | null; value: string | null }[] };
  }
  const { import: started } = await done<{ import: { id: string }; userErrors: UserError[] }>(
    staff,
    'CatalogImportStart',
    {
      format: 'SHOPIFY_CSV',
      currency: 'USD',
      warehouse: 'MAIN',
      data,
    },
  );
  const read = async () =>
    (await staff.ask<{ catalogImport: Import }>('CatalogImport', { id: started.id })).catalogImport;
  await expect.poll(async () => (await read()).status, { timeout: 30_000 }).toBe('COMPLETED');
  const { rejected, errors } = await read();
  expect(rejected).toBe(1);
  expect(errors.nodes[0]).toMatchObject({ line: 3, value: 'not a price' });
}

describe('backoffice/inventory', () => {
  test('Warehouses, StockLevels, StockReceive, StockAdjust, StockTransfer, StockHistory', async () => {
    const { warehouses } = await staff.ask<{ warehouses: { nodes: { code: string }[] } }>('Warehouses');
    const codes = warehouses.nodes.map(({ code }) => code);
    expect(codes).toContain('MAIN');
    const other = codes.find((code) => code !== 'MAIN');
    const { sku } = await aProduct(shop, { onHand: 10 });
    const lines = [{ sku, quantity: 4 }];
    await done(staff, 'StockReceive', { warehouse: 'MAIN', lines, reference: 'PO-2', idempotencyKey: randomUUID() });
    await done(staff, 'StockAdjust', {
      warehouse: 'MAIN',
      sku,
      delta: -2,
      reason: 'DAMAGED',
      idempotencyKey: randomUUID(),
    });
    await done(staff, 'StockTransfer', {
      fromWarehouse: 'MAIN',
      toWarehouse: other,
      lines: [{ sku, quantity: 5 }],
      idempotencyKey: randomUUID(),
    });
    const { stockLevels } = await staff.ask<{
      stockLevels: { nodes: { warehouse: { code: string }; onHand: number; variant: { title: string } | null }[] };
    }>('StockLevels', { filter: { sku } });
    expect(Object.fromEntries(stockLevels.nodes.map(({ warehouse, onHand }) => [warehouse.code, onHand]))).toEqual({
      MAIN: 7,
      [other ?? '']: 5,
    });
    const { stockMovements } = await staff.ask<{ stockMovements: { nodes: { type: string }[] } }>('StockHistory', {
      sku,
    });
    expect(stockMovements.nodes.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['RECEIPT', 'ADJUSTMENT', 'TRANSFER_OUT', 'TRANSFER_IN']),
    );
  });

  test('StockCountSubmit, ReconciliationStart, ReconciliationRun, ReconciliationRuns, DiscrepancyResolve', async () => {
    const { sku } = await aProduct(shop, { onHand: 100 });
    await done(staff, 'StockCountSubmit', {
      warehouse: 'MAIN',
      lines: [{ sku, counted: 40 }],
      countedAt: new Date().toISOString(),
      idempotencyKey: randomUUID(),
    });
    // A count is compared by a run of its own.
    await expect.poll(async () => (await discrepancyOf(sku))?.difference, { timeout: 30_000 }).toBe(-60);
    const found = await discrepancyOf(sku);
    if (found?.resolution === 'PENDING') {
      await done(staff, 'DiscrepancyResolve', { discrepancyId: found.id, resolution: 'ACCEPT_COUNT' });
    }
    const { stockLevels } = await staff.ask<{ stockLevels: { nodes: { onHand: number }[] } }>('StockLevels', {
      filter: { sku },
    });
    expect(stockLevels.nodes).toMatchObject([{ onHand: 40 }]);

    const { run } = await done<{ run: { id: string }; userErrors: UserError[] }>(staff, 'ReconciliationStart', {
      scope: { warehouse: 'MAIN' },
    });
    await expect.poll(async () => (await runOf(run.id)).status, { timeout: 30_000 }).toBe('COMPLETED');
    expect((await runOf(run.id)).discrepancies.nodes.filter((each) => each.sku === sku)).toEqual([]);
  });
});

interface Discrepancy {
  id: string;
  sku: string;
  resolution: string;
  difference: number;
}

const runOf = async (id: string) =>
  (
    await staff.ask<{ reconciliationRun: { status: string; discrepancies: { nodes: Discrepancy[] } } }>(
      'ReconciliationRun',
      { id },
    )
  ).reconciliationRun;

async function discrepancyOf(sku: string): Promise<Discrepancy | undefined> {
  const { reconciliationRuns } = await staff.ask<{ reconciliationRuns: { nodes: { id: string }[] } }>(
    'ReconciliationRuns',
  );
  const runs = await Promise.all(reconciliationRuns.nodes.map(({ id }) => runOf(id)));
  return runs.flatMap(({ discrepancies }) => discrepancies.nodes).find((each) => each.sku === sku);
}

test('what is for staff is refused to guests', async () => {
  for (const [operation, variables] of [
    ['StockLevels', {}],
    ['Orders', {}],
    ['StockAdjust', { input: { warehouse: 'MAIN', sku: 'x', delta: 1, reason: 'FOUND', idempotencyKey: 'k' } }],
  ] as const) {
    const { data, errors } = await shop.guest.send<Record<string, unknown>>(operation, variables);
    expect(Object.values(data ?? {}), operation).toEqual(data ? [null] : []);
    expect(errors?.[0]?.extensions?.code, operation).toMatch(/UNAUTHENTICATED|FORBIDDEN/);
  }
});

test('a copy of the catalog that lost its rows is refilled from its owner', async () => {
  const { sku } = await aProduct(shop, { onHand: 5 });
  await shop.sql('cart', 'DELETE FROM catalog_variant WHERE sku = $1', [sku]);
  expect((await cartCreate(shop.guest, sku, 1)).userErrors).toMatchObject([{ __typename: 'UnknownSkuError' }]);
  expect(await announce(shop.databaseUrls.products ?? '')).toBeGreaterThan(60);
  await expect.poll(async () => (await cartCreate(shop.guest, sku, 1)).userErrors, { timeout: 20_000 }).toEqual([]);
});

describe('routes of events', () => {
  const routes = subgraphs.flatMap(({ name, hears }) => hears.map((event) => ({ name, event })));

  // An event without content is refused by whoever understands it; a route to nobody says so.
  test.each(routes)('$name has a handler for $event', async ({ name, event }) => {
    const id = `probe-${randomUUID()}`;
    const payload = {
      id,
      name: event,
      aggregateId: 'probe',
      version: 1,
      occurredAt: new Date().toISOString(),
      requestId: null,
      payload: { probe: true },
    };
    await queues.add(deliveryTo(name), payload, { id });
    const reason = async () => (await queues.bullQueues([name])[0]?.getJob(id))?.failedReason ?? '';
    await expect.poll(reason, { timeout: 20_000 }).not.toBe('');
    expect(await reason()).not.toContain('has no handler');
    await (await queues.bullQueues([name])[0]?.getJob(id))?.remove();
  });
});
