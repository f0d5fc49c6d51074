import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aProduct, categories, openShop, type Shop } from './support/shop.ts';

let shop: Shop;

interface Found {
  products: { totalCount: number; nodes: { handle: string }[] };
}

const find = async (args: Record<string, unknown>): Promise<string[]> => {
  const { products } = await shop.data<Found>(
    `query ($search: String, $filter: ProductFilter, $sort: ProductSort) {
      products(search: $search, filter: $filter, sort: $sort, first: 100) { totalCount nodes { handle } } }`,
    args,
  );
  expect(products.totalCount).toBe(products.nodes.length);
  return products.nodes.map(({ handle }) => handle);
};

const usd = (amount: string) => ({ amount, currency: 'USD' });
const shirt = (handle: string, title: string, more: Record<string, unknown> = {}) =>
  aProduct(shop, {
    handle,
    title,
    categories: ['shirts'],
    vendor: 'Loom',
    options: [
      { name: 'Size', values: ['M', 'L'] },
      { name: 'Colour', values: ['Red', 'Blue'] },
    ],
    variants: [
      ['M', 'Red', '20.00'],
      ['L', 'Blue', '30.00'],
    ].map(([size = '', colour = '', amount = '']) => ({
      sku: `${handle}-${size}`.toUpperCase(),
      price: usd(amount),
      selectedOptions: [
        { name: 'Size', value: size },
        { name: 'Colour', value: colour },
      ],
    })),
    ...more,
  });
const simple = (handle: string, title: string, price: string, more: Record<string, unknown> = {}) =>
  aProduct(shop, { handle, title, variants: [{ sku: handle.toUpperCase(), price: usd(price) }], ...more });

beforeAll(async () => {
  shop = await openShop();
  await categories(shop, 'wear', 'wear/shirts', 'kitchen', 'kitchen/cups');
  await shirt('linen-shirt', 'Linen Shirt');
  await shirt('flannel-shirt', 'Flannel Shirt', { vendor: 'Woolworks', description: 'Warm, for long walks.' });
  await simple('pleated-skirt', 'Pleated Skirt', '45.00', { categories: ['wear'], vendor: 'Loom' });
  await simple('kettle', 'Enamel Kettle', '80.00', { categories: ['kitchen'], vendor: 'Ember & Ore' });
  await simple('cup', 'Ceramic Cup', '9.00', {
    categories: ['cups'],
    vendor: 'Kiln',
    description: 'Goes with any kettle.',
  });
  await simple('cafe-creme', 'Café Crème Cups', '19.00', { categories: ['cups'], vendor: 'Kiln' });
  await simple('running-socks', 'Running Socks', '5.00', { description: 'A pair.' });
});
afterAll(() => shop.close());

describe('text', () => {
  test.each<[string, string, string[]]>([
    ['a word of the title', 'linen', ['linen-shirt']],
    ['another form of the word', 'shirts', ['flannel-shirt', 'linen-shirt']],
    ['the stem of a word', 'run', ['running-socks']],
    ['accents or none', 'cafe creme', ['cafe-creme']],
    ['accents where there are none', 'kéttle', ['kettle', 'cup']],
    ['the beginning of the last word', 'flan', ['flannel-shirt']],
    ['a beginning longer than the stem', 'cerami', ['cup']],
    ['every word, in any order', 'shirt linen', ['linen-shirt']],
    ['words of title and vendor', 'shirt woolworks', ['flannel-shirt']],
    ['words no product has together', 'linen kettle', []],
    ['a letter too few', 'ketle', ['kettle', 'cup']],
    ['two letters swapped', 'shrit linen', ['linen-shirt']],
    ['a wrong letter in one of two words', 'flannal shirt', ['flannel-shirt']],
    ['title before description', 'kettle', ['kettle', 'cup']],
    ['a sku in any case', 'linen-shirt-m', ['linen-shirt']],
    ['a handle', 'pleated-skirt', ['pleated-skirt']],
    ['nothing like it', 'xylophone', []],
    ['no word at all', '!!!', []],
    ['what looks like a query language', "kettle' & | !( :*", ['kettle', 'cup']],
    ['a wildcard', '%', []],
    ['only words that are in every text', 'the of and', []],
    ['such a word beside another', 'the kettle', ['kettle', 'cup']],
    ['quotes that are not closed', '"enamel kettle', ['kettle']],
    ['pictures', '🫖🔥', []],
    ['a picture beside a word', '🫖 enamel', ['kettle']],
    ['a zero character', 'enamel\u0000', ['kettle']],
    ['half a character', 'enamel\ud83e', ['kettle']],
    ['a backslash', 'enamel\\', ['kettle']],
    ['ten thousand letters', 'k'.repeat(10_000), []],
    ['ten thousand characters of words', 'kettle '.repeat(1_430), ['kettle', 'cup']],
  ])('%s', async (_what, search, handles) => {
    expect(new Set(await find({ search }))).toEqual(new Set(handles));
    if (search !== 'shirts') expect((await find({ search }))[0]).toBe(handles[0]);
  });

  test('a right word is not taken for a typing error of another', async () => {
    expect(await find({ search: 'skirt' })).toEqual(['pleated-skirt']);
  });

  test('an exact sku comes before better words', async () => {
    await simple('sign', 'Sign', '1.00', { variants: [{ sku: 'KETTLE SIGN', price: usd('1.00') }] });
    expect((await find({ search: 'kettle sign' }))[0]).toBe('sign');
  });

  test('only spaces are no search', async () => {
    expect(await find({ search: '   ' })).toEqual(await find({}));
  });
});

describe('filters', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['a category with what is below it', { category: 'wear' }, ['flannel-shirt', 'linen-shirt', 'pleated-skirt']],
    ['a category there is not', { category: 'nowhere' }, []],
    ['a collection there is not', { collection: 'nowhere' }, []],
    ['any of several vendors', { vendors: ['Kiln', 'Woolworks'] }, ['cafe-creme', 'cup', 'flannel-shirt']],
    ['a zero character', { vendors: ['Kiln\u0000'], category: 'cups' }, []],
    ['an empty text', { category: '' }, []],
    ['no vendor named', { vendors: [], category: 'cups' }, ['cafe-creme', 'cup']],
    ['a least price', { priceMin: '45.00' }, ['kettle', 'pleated-skirt']],
    ['a price that one single variant has', { priceMin: '21.00', priceMax: '29.00' }, []],
    ['a least price above the highest', { priceMin: '50.00', priceMax: '20.00' }, []],
    ['a highest price below nothing', { priceMax: '-1.00' }, []],
    ['the highest price there can be', { priceMin: '10000000000000.00' }, []],
    ['a range up to and including its ends', { priceMin: '9', priceMax: '19.00' }, ['cafe-creme', 'cup']],
    ['another currency', { priceMin: '0', currency: 'EUR' }, []],
    [
      'values of one single variant',
      {
        options: [
          { name: 'Size', values: ['M'] },
          { name: 'Colour', values: ['Red', 'Green'] },
        ],
      },
      ['flannel-shirt', 'linen-shirt'],
    ],
    [
      'values that no single variant has together',
      {
        options: [
          { name: 'Size', values: ['M'] },
          { name: 'Colour', values: ['Blue'] },
        ],
      },
      [],
    ],
    ['an option without values', { options: [{ name: 'Size', values: [] }], category: 'cups' }, ['cafe-creme', 'cup']],
    ['an empty value', { options: [{ name: 'Size', values: [''] }] }, []],
    ['an option there is not', { options: [{ name: 'Nothing', values: ['M'] }] }, []],
    ['handles', { handles: ['cup', 'kettle', 'nothing'] }, ['cup', 'kettle']],
    ['no handle', { handles: [] }, []],
    ['several conditions', { category: 'wear', vendors: ['Loom'], priceMax: '30.00' }, ['linen-shirt']],
    ['nothing in stock yet', { inStock: true }, []],
    ['changed later than ever', { updatedAfter: '2100-01-01T00:00:00Z' }, []],
  ])('%s', async (_what, filter, handles) => {
    expect((await find({ filter, sort: 'TITLE' })).sort()).toEqual(handles);
  });

  test('updatedAfter includes its instant', async () => {
    const [{ updatedAt } = { updatedAt: new Date() }] = await shop.sql<{ updatedAt: Date }>(
      `SELECT max(updated_at) AS "updatedAt" FROM product`,
    );
    expect(await find({ filter: { updatedAfter: updatedAt.toISOString() } })).toHaveLength(1);
  });

  test.each([
    [{ priceMin: '1.005' }, 'filter.priceMin must have at most 2 digits'],
    [{ priceMax: '99999999999999' }, 'filter.priceMax must lie within'],
    [{ priceMax: '1', currency: 'ZZZ' }, 'filter.priceMax "ZZZ" is not a currency'],
    [{ handles: Array.from({ length: 101 }, (_, n) => `h${n}`) }, 'filter.handles holds 101 entries'],
  ])('what makes no sense is said in a sentence', async (filter, sentence) => {
    const { errors } = await shop.ask('query ($filter: ProductFilter) { products(filter: $filter) { totalCount } }', {
      filter,
    });
    expect(errors?.[0]?.message).toContain(sentence);
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });
});

test('nothing found has no pages, and the facet that leads out of it', async () => {
  const { products } = await shop.data<{ products: unknown }>(`{ products(filter: { category: "nowhere" }, first: 5) {
    totalCount nodes { id } edges { cursor } facets { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`);
  expect(products).toEqual({
    totalCount: 0,
    nodes: [],
    edges: [],
    facets: [{ name: 'Category' }],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  });
});

test.each([
  '{ product(handle: "a\\u0000b") { id } }',
  '{ product(id: "a\\u0000b") { id } }',
  '{ category(handle: "a\\u0000b") { id } }',
])('what cannot be stored is not found: %s', async (query) => {
  expect(Object.values(await shop.data<Record<string, unknown>>(query))).toEqual([null]);
});

describe('order', () => {
  test.each<[string, string[]]>([
    ['PRICE_ASC', ['running-socks', 'cup', 'cafe-creme']],
    ['PRICE_DESC', ['kettle', 'pleated-skirt']],
    ['TITLE', ['cafe-creme', 'cup', 'kettle', 'flannel-shirt', 'linen-shirt']],
    ['RELEVANCE', ['linen-shirt', 'flannel-shirt', 'pleated-skirt', 'kettle']],
    ['UPDATED_AT', ['linen-shirt', 'flannel-shirt']],
    ['NEWEST', ['running-socks', 'cafe-creme', 'cup']],
  ])('%s', async (sort, handles) => {
    const filter = {
      handles: ['linen-shirt', 'flannel-shirt', 'pleated-skirt', 'kettle', 'cup', 'cafe-creme', 'running-socks'],
    };
    expect((await find({ sort, filter })).slice(0, handles.length)).toEqual(handles);
  });

  test('products without a price in the currency come last', async () => {
    await aProduct(shop, {
      handle: 'yen',
      title: 'Yen',
      variants: [{ sku: 'YEN', price: { amount: '1', currency: 'JPY' } }],
    });
    expect((await find({ sort: 'PRICE_ASC' })).at(-1)).toBe('yen');
    expect((await find({ sort: 'PRICE_DESC' })).at(-1)).toBe('yen');
    expect((await find({ sort: 'PRICE_ASC', filter: { currency: 'JPY' } }))[0]).toBe('yen');
  });
});

describe('suggestions', () => {
  const suggest = async (prefix: string, first = 8) =>
    (
      await shop.data<{ searchSuggestions: { text: string; product: { handle: string } | null }[] }>(
        'query ($prefix: String!, $first: Int) { searchSuggestions(prefix: $prefix, first: $first) { text product { handle } } }',
        { prefix, first },
      )
    ).searchSuggestions.map(({ text, product }) => [text, product?.handle ?? null]);

  test.each<[string, [string, string | null][]]>([
    ['enam', [['Enamel Kettle', 'kettle']]],
    ['kett', [['Enamel Kettle', 'kettle']]],
    ['CAFE', [['Café Crème Cups', 'cafe-creme']]],
    ['kitc', [['Kitchen', null]]],
    ['wool', [['Woolworks', null]]],
    ['ketttle', [['Enamel Kettle', 'kettle']]],
    ['k', []],
    ['100%', []],
    ['_____', []],
    ['%%%', []],
    ['\\', []],
    ['\u0000\u0000', []],
    ['🫖🫖', []],
    ['k'.repeat(10_000), []],
    ['', []],
  ])('%s', async (prefix, expected) => {
    expect(await suggest(prefix)).toEqual(expected);
  });

  test('a title before a category before a word within, and no more than asked for', async () => {
    expect((await suggest('cu')).map(([text]) => text)).toEqual(['Cups', 'Ceramic Cup', 'Café Crème Cups']);
    expect(await suggest('cu', 1)).toHaveLength(1);
  });

  test('a title that two products share leads to neither', async () => {
    await simple('twin-a', 'Twin Towel', '1.00');
    await simple('twin-b', 'Twin Towel', '1.00');
    expect(await suggest('twin')).toEqual([['Twin Towel', null]]);
  });

  test('drafts are not suggested', async () => {
    await simple('secret', 'Secret Sofa', '1.00', { status: 'DRAFT' });
    expect(await suggest('secret')).toEqual([]);
  });
});
