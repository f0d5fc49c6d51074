import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProduct, categories, editor, openShop, type Shop, type UserError } from './support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  await categories(shop, 'kitchen', 'garden');
});
afterAll(() => shop.close());

interface Product {
  id: string;
  title: string;
  status: string;
  updatedAt: string;
  vendor: string | null;
  categories: { handle: string }[];
  variants: { sku: string; title: string }[];
}

const update = async (input: Record<string, unknown>) =>
  (
    await shop.data<{ productUpdate: { product: Product | null; userErrors: (UserError & { updatedAt?: string })[] } }>(
      `mutation ($input: ProductUpdateInput!) { productUpdate(input: $input) {
        product { id title status updatedAt vendor categories { handle } variants { sku title } }
        userErrors { __typename ... on UserError { message path } ... on ChangedMeanwhileError { updatedAt } } } }`,
      { input },
      editor,
    )
  ).productUpdate;

const events = (id: string) =>
  shop.sql<{ name: string; version: number; payload: { title: string } }>(
    'SELECT name, version, payload FROM outbox_event WHERE aggregate_id = $1 ORDER BY version',
    [id],
  );

describe('productUpdate', () => {
  test('changes what is given, leaves the rest, and tells of it', async () => {
    const { id } = await aProduct(shop, { handle: 'mug', title: 'Mug', vendor: 'Kiln', categories: ['kitchen'] });
    const { product, userErrors } = await update({
      id,
      title: 'Big Mug',
      categories: ['garden', 'kitchen'],
      vendor: null,
    });
    expect(userErrors).toEqual([]);
    expect(product).toMatchObject({
      title: 'Big Mug',
      vendor: null,
      status: 'ACTIVE',
      categories: [{ handle: 'garden' }, { handle: 'kitchen' }],
      variants: [{ title: 'Big Mug' }],
    });
    expect(await events(id)).toMatchObject([
      { name: 'product.created', version: 1 },
      { name: 'product.updated', version: 2, payload: { title: 'Big Mug' } },
    ]);
    const found = await shop.data<{ products: { nodes: unknown[] } }>(
      '{ products(search: "big") { nodes { handle } } }',
    );
    expect(found.products.nodes).toEqual([{ handle: 'mug' }]);
  });

  test('what changes nothing tells nobody', async () => {
    const { id, updatedAt } = await aProduct(shop, { handle: 'same', title: 'Same' });
    const { product } = await update({ id, title: 'Same', status: 'ACTIVE' });
    expect(product?.updatedAt).toBe(updatedAt);
    expect(await events(id)).toHaveLength(1);
  });

  test('of twenty editors who read the same version one changes it, the others are told when', async () => {
    const { id, updatedAt } = await aProduct(shop, { handle: 'contested', title: 'Contested' });
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, n) => update({ id, title: `Title ${n}`, expectedUpdatedAt: updatedAt })),
    );
    const changed = outcomes.flatMap(({ product }) => product ?? []);
    expect(changed).toHaveLength(1);
    for (const error of outcomes.flatMap(({ userErrors }) => userErrors)) {
      expect(error).toMatchObject({ __typename: 'ChangedMeanwhileError', updatedAt: changed[0]?.updatedAt });
    }
    expect(await events(id)).toHaveLength(2);
  });

  test.each<[Record<string, unknown>, string, string[]]>([
    [{ id: 'product_nobody' }, 'NotFoundError', ['input', 'id']],
    [{ title: '' }, 'InvalidInputError', ['input', 'title']],
    [{ title: null }, 'InvalidInputError', ['input', 'title']],
    [{ status: null }, 'InvalidInputError', ['input', 'status']],
    [{ categories: ['nowhere'] }, 'InvalidInputError', ['input', 'categories', '0']],
  ])('%j is refused', async (input, type, path) => {
    const [row] = await shop.sql<{ id: string }>("SELECT id FROM product WHERE handle = 'mug'");
    const { product, userErrors } = await update({ id: row?.id, ...input });
    expect(product).toBeNull();
    expect(userErrors).toMatchObject([{ __typename: type, path }]);
  });
});

describe('variantPriceUpdate', () => {
  const reprice = async (input: Record<string, unknown>) =>
    (
      await shop.data<{ variantPriceUpdate: { variant: unknown; userErrors: UserError[] } }>(
        `mutation ($input: VariantPriceUpdateInput!) { variantPriceUpdate(input: $input) {
          variant { price { amount } euro: price(currency: "EUR") { amount } compareAtPrice { amount } product { priceRange { min { amount } } } }
          userErrors { __typename ... on UserError { message path } } } }`,
        { input },
        editor,
      )
    ).variantPriceUpdate;
  const usd = (amount: string) => ({ amount, currency: 'USD' });

  test('sets, keeps and clears, and tells once for each change', async () => {
    const variants = [{ sku: 'CUP', price: usd('9.00'), compareAtPrice: usd('12.00') }];
    const { id } = await aProduct(shop, { handle: 'cup', title: 'Cup', variants });
    expect(await reprice({ sku: 'CUP', price: usd('8.00') })).toMatchObject({
      variant: {
        price: { amount: '8.00' },
        compareAtPrice: { amount: '12.00' },
        product: { priceRange: { min: { amount: '8.00' } } },
      },
    });
    expect(await reprice({ sku: 'CUP', price: usd('8'), compareAtPrice: null })).toMatchObject({
      variant: { compareAtPrice: null },
    });
    expect(await reprice({ sku: 'CUP', price: usd('8.00'), compareAtPrice: null })).toMatchObject({ userErrors: [] });
    expect(await reprice({ sku: 'CUP', price: { amount: '7.00', currency: 'EUR' } })).toMatchObject({
      variant: { price: { amount: '8.00' }, euro: { amount: '7.00' } },
    });
    expect((await events(id)).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  test('many prices at once end in one of them, each told', async () => {
    const { id } = await aProduct(shop, {
      handle: 'hot',
      title: 'Hot',
      variants: [{ sku: 'HOT', price: usd('1.00') }],
    });
    await Promise.all(Array.from({ length: 20 }, (_, n) => reprice({ sku: 'HOT', price: usd(`${n + 2}.00`) })));
    expect((await events(id)).map(({ version }) => version)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1));
  });

  test.each<[Record<string, unknown>, string, string]>([
    [{ sku: 'NOBODY', price: usd('1.00') }, 'UnknownSkuError', 'sku'],
    [{ sku: 'CUP', price: usd('1.001') }, 'InvalidInputError', 'price.amount'],
    [{ sku: 'CUP', price: usd('-1') }, 'InvalidInputError', 'price.amount'],
    [
      { sku: 'CUP', price: usd('1'), compareAtPrice: { amount: '1', currency: 'EUR' } },
      'InvalidInputError',
      'compareAtPrice.currency',
    ],
  ])('%j is refused', async (input, type, path) => {
    expect((await reprice(input)).userErrors).toMatchObject([
      { __typename: type, path: ['input', ...path.split('.')] },
    ]);
  });
});
