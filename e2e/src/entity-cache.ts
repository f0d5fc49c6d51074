import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from './client.ts';
import { aProduct, complete, readyToPay } from './shop.ts';
import type { SupergraphUnderTest } from './supergraph.ts';

const within = { timeout: 1_000, interval: 20 };

interface Page {
  product: { title: string; variants: { sku: string; price: { amount: string }; availability: { status: string } }[] };
}

/** What the router keeps of what subgraphs have answered. */
export function describeEntityCache(shopOf: () => SupergraphUnderTest): void {
  describe('what the router keeps', () => {
    let shop: SupergraphUnderTest;
    let staff: Client;
    beforeAll(async () => {
      shop = shopOf();
      staff = await shop.staff('catalog:read', 'catalog:write', 'inventory:read', 'inventory:write');
    });

    const handleOf = (sku: string) => `kettle-${sku.toLowerCase()}`;
    const page = async (sku: string, client = shop.guest) =>
      (await client.ask<Page | { product: null }>('ProductPage', { handle: handleOf(sku) })).product;
    const listed = async (sku: string, filter: Record<string, unknown> = {}) => {
      const { products } = await shop.guest.ask<{ products: { nodes: { title: string }[] } }>('ProductList', {
        filter: { vendors: ['Acme'], ...filter },
        first: 100,
        search: sku,
      });
      return products.nodes.map(({ title }) => title);
    };

    /** One that all services have heard of: no event about it is under way. */
    const aKnownProduct = async (onHand: number) => {
      const product = await aProduct(shop, { onHand });
      await expect.poll(() => listed(product.sku, { inStock: true }), { timeout: 10_000 }).toHaveLength(1);
      return product;
    };

    test('is what was answered before, until an event tells of a change', async () => {
      const { sku, productId } = await aKnownProduct(5);
      const title = `Kettle ${sku}`;
      expect(await page(sku)).toMatchObject({ title });
      // Behind everyone's back: nobody is told, and so nothing is asked again.
      await shop.sql('products', 'UPDATE product SET title = $2 WHERE id = $1', [productId, `Pot ${sku}`]);
      expect(await page(sku)).toMatchObject({ title });

      const { variantPriceUpdate } = await staff.ask<{ variantPriceUpdate: { userErrors: unknown[] } }>(
        'VariantPriceUpdate',
        { input: { sku, price: { amount: '12.34', currency: 'USD' } } },
      );
      expect(variantPriceUpdate.userErrors).toEqual([]);
      await expect
        .poll(() => page(sku), within)
        .toMatchObject({ title: `Pot ${sku}`, variants: [{ price: { amount: '12.34' } }] });
    });

    test('shows who changed it what it is now', async () => {
      const { sku } = await aKnownProduct(5);
      for (const amount of ['11.00', '12.00', '13.00']) {
        await staff.ask('VariantPriceUpdate', { input: { sku, price: { amount, currency: 'USD' } } });
        expect(await page(sku, staff)).toMatchObject({ variants: [{ price: { amount } }] });
      }
    });

    test('never shows shoppers what only staff may see', async () => {
      const { sku, productId } = await aKnownProduct(5);
      expect(await page(sku)).not.toBeNull();
      expect(await listed(sku)).toHaveLength(1);
      await staff.ask('ProductUpdate', { input: { id: productId, status: 'DRAFT' } });
      await expect.poll(() => page(sku), within).toBeNull();
      await expect.poll(() => listed(sku), within).toEqual([]);
      for (let time = 0; time < 2; time += 1) {
        expect(await page(sku, staff)).toMatchObject({ title: `Kettle ${sku}` });
        expect(await page(sku)).toBeNull();
      }
      await staff.ask('ProductUpdate', { input: { id: productId, status: 'ACTIVE' } });
      await expect.poll(() => page(sku), within).toMatchObject({ title: `Kettle ${sku}` });
      await expect.poll(() => listed(sku), within).toHaveLength(1);
    });

    test('tells of the last one that was sold, and finds it no more among what is in stock', async () => {
      const { sku } = await aKnownProduct(1);
      const status = async () => (await page(sku))?.variants[0]?.availability.status;
      await expect.poll(status, { timeout: 6_000 }).not.toBe('OUT_OF_STOCK');
      expect((await complete(shop.guest, await readyToPay(shop.guest, sku))).userErrors).toEqual([]);
      await expect.poll(status, within).toBe('OUT_OF_STOCK');
      // Products hears of it from inventory first.
      await expect.poll(() => listed(sku, { inStock: true }), { timeout: 5_000 }).toEqual([]);
    });
  });
}
