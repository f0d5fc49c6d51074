import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { drawAll } from '../seed/draw/draw.ts';

/** The seed as files: that it holds together, before anything loads it. Paths are from `subgraphs/`. */
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const twice = (values: string[]): string[] => values.filter((value, n) => values.indexOf(value) !== n);

const handle = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const sku = z.string().regex(/^[A-Z0-9]+(-[A-Z0-9]+)*$/);
const amount = z.string().regex(/^[1-9]\d*\.\d\d$/);
const count = z.int().nonnegative();
const bothCurrencies = z.strictObject({ USD: amount, EUR: amount });
const country = z.string().regex(/^[A-Z]{2}$/);

const productLine = z.strictObject({
  handle,
  title: z.string().min(3),
  description: z.string().min(60),
  vendor: z.string().min(3),
  status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED']),
  categories: z.array(handle).min(1),
  tags: z.array(handle).optional(),
  options: z.array(z.strictObject({ name: z.string(), values: z.array(z.string()).min(1) })),
  media: z.array(z.strictObject({ file: z.string().endsWith('.svg'), altText: z.string().min(10) })).min(1),
  variants: z
    .array(
      z.strictObject({
        sku,
        price: amount,
        compareAtPrice: amount.optional(),
        prices: z.strictObject({ EUR: amount }),
        currency: z.literal('USD'),
        selectedOptions: z.record(z.string(), z.string()),
        barcode: z.string().regex(/^2\d{12}$/),
        weightInGrams: z.int().min(10).max(10_000),
        dimensionsInMillimetres: z.strictObject({ length: z.int(), width: z.int(), height: z.int() }),
        taxClass: z.enum(['standard', 'food', 'books']),
        quantity: count.optional(),
      }),
    )
    .min(1),
});

const catalogue = read('products/seed/products.jsonl');
const products = catalogue
  .trimEnd()
  .split('\n')
  .map((line) => productLine.parse(JSON.parse(line)));
const variants = products.flatMap((product) => product.variants);
const handles = products.map((product) => product.handle);
const skus = new Set(variants.map((variant) => variant.sku));

const categories = z
  .array(z.strictObject({ handle, title: z.string(), parent: handle.nullable(), position: z.int().positive() }))
  .parse(JSON.parse(read('products/seed/categories.json')));
const collections = z
  .array(z.strictObject({ handle, title: z.string(), products: z.array(handle).min(4) }))
  .parse(JSON.parse(read('products/seed/collections.json')));

describe('the catalogue', () => {
  test('is as large as promised', () => {
    expect(products.length).toBeGreaterThanOrEqual(64);
    expect(variants.length).toBeGreaterThanOrEqual(200);
    expect(new Set(products.map((product) => product.vendor)).size).toBeGreaterThanOrEqual(8);
    expect(products.filter((product) => product.status === 'DRAFT')).toHaveLength(1);
    expect(products.filter((product) => product.status === 'ARCHIVED')).toHaveLength(1);
  });

  test('gives every product, variant and barcode a name of its own', () => {
    expect(twice(handles)).toEqual([]);
    expect(twice(variants.map((variant) => variant.sku))).toEqual([]);
    expect(twice(variants.map((variant) => variant.barcode))).toEqual([]);
  });

  test('has the products that pages and links elsewhere name', () => {
    const named =
      'stoneware-mug carafe-linden cast-iron-skillet olive-wood-board linen-tablecloth linen-napkins chef-knife paring-knife enamel-kettle pour-over-set coffee-grinder tea-pot-juno porcelain-bowl dinner-plate-sand serving-platter water-glass wine-glass-alba candle-holder beeswax-candles wool-throw cotton-bath-towel waffle-robe hand-soap room-spray notebook-linen fountain-pen desk-tray picnic-blanket camp-mug field-thermos garden-shears watering-can apron-workshop oven-mitt bread-basket salt-cellar';
    expect(named.split(' ').filter((name) => !handles.includes(name))).toEqual([]);
  });

  test('has a story for every product on sale, and none for what is not there', () => {
    const told = z
      .array(z.object({ fields: z.object({ handle }) }))
      .parse(JSON.parse(read('../content-server/content/ProductContent.json')))
      .map(({ fields }) => fields.handle);
    const onSale = products.filter(({ status }) => status === 'ACTIVE').map((product) => product.handle);
    expect(onSale.filter((each) => !told.includes(each))).toEqual([]);
    expect(told.filter((each) => !onSale.includes(each))).toEqual([]);
  });

  test('has barcodes whose last digit checks', () => {
    const wrong = variants.filter(({ barcode }) => {
      const sum = [...barcode].reduce((total, digit, n) => total + Number(digit) * (n % 2 === 0 ? 1 : 3), 0);
      return sum % 10 !== 0;
    });
    expect(wrong.map((variant) => variant.sku)).toEqual([]);
  });

  test('has prices that only ever come down from the compare-at price', () => {
    const reduced = variants.filter((variant) => variant.compareAtPrice);
    expect(reduced.length).toBeGreaterThan(0);
    expect(reduced.filter((variant) => Number(variant.compareAtPrice) <= Number(variant.price))).toEqual([]);
  });

  test.each(products)('$handle: variants take each option once, and all its values', (product) => {
    const names = product.options.map((option) => option.name);
    for (const variant of product.variants) expect(Object.keys(variant.selectedOptions)).toEqual(names);
    for (const { name, values } of product.options) {
      expect(twice(values)).toEqual([]);
      expect(new Set(product.variants.map((variant) => variant.selectedOptions[name]))).toEqual(new Set(values));
    }
    const combinations = product.variants.map((variant) => Object.values(variant.selectedOptions).join(' / '));
    expect(twice(combinations)).toEqual([]);
  });

  test.each(products)('$handle: the description is two to four sentences', ({ description }) => {
    const sentences = description.split(/[.!?](?:\s|$)/).filter(Boolean);
    expect(sentences.length).toBeGreaterThanOrEqual(2);
    expect(sentences.length).toBeLessThanOrEqual(4);
  });
});

describe('categories and collections', () => {
  test('form a tree of six roots, each with three to five children', () => {
    expect(twice(categories.map((category) => category.handle))).toEqual([]);
    const roots = categories.filter((category) => category.parent === null);
    expect(roots.map((root) => root.handle)).toEqual([
      'kitchen',
      'table',
      'textiles',
      'bath-and-care',
      'desk',
      'outdoor',
    ]);
    for (const root of roots) {
      const children = categories.filter((category) => category.parent === root.handle);
      expect(children.map((child) => child.position)).toEqual(children.map((_, n) => n + 1));
      expect(children.length).toBeGreaterThanOrEqual(3);
      expect(children.length).toBeLessThanOrEqual(5);
    }
    expect(categories.filter(({ parent }) => parent && !roots.some((root) => root.handle === parent))).toEqual([]);
  });

  test('hold products only in leaves that exist, and every leaf holds one on sale', () => {
    const leaves = categories.filter((category) => category.parent).map((category) => category.handle);
    const used = products.flatMap((product) => product.categories);
    expect(used.filter((name) => !leaves.includes(name))).toEqual([]);
    const onSale = products.filter((product) => product.status === 'ACTIVE').flatMap((product) => product.categories);
    expect(leaves.filter((leaf) => !onSale.includes(leaf))).toEqual([]);
  });

  test('collect only products on sale, and gifts under 30 cost less than 30', () => {
    expect(collections.map((collection) => collection.handle)).toEqual([
      'new-arrivals',
      'gifts-under-30',
      'for-the-picnic',
      'bestsellers',
    ]);
    const onSale = products.filter((product) => product.status === 'ACTIVE').map((product) => product.handle);
    for (const collection of collections) {
      expect(twice(collection.products)).toEqual([]);
      expect(collection.products.filter((name) => !onSale.includes(name))).toEqual([]);
    }
    const gifts = collections.find((collection) => collection.handle === 'gifts-under-30')?.products ?? [];
    const cheapest = (name: string) =>
      Math.min(...(products.find((p) => p.handle === name)?.variants ?? []).map((v) => Number(v.price)));
    expect(gifts.filter((name) => cheapest(name) >= 30)).toEqual([]);
  });
});

describe('pictures', () => {
  const named = products.flatMap((product) => product.media.map((picture) => picture.file));
  const files = readdirSync(new URL('../seed/pictures/', import.meta.url)).sort();

  test('are all there, and all used, once', () => {
    expect(twice(named)).toEqual([]);
    expect(files).toEqual([...named].sort());
  });

  test('are what the generator draws', () => {
    const drawn = drawAll(catalogue);
    const changed = files.filter((file) => read(`products/seed/pictures/${file}`) !== drawn.get(file));
    expect(changed, 'run: npx tsx subgraphs/products/seed/draw/draw.ts').toEqual([]);
  });

  test.each(files)('%s is small, square and needs nothing from outside', (file) => {
    const svg = read(`products/seed/pictures/${file}`);
    expect(Buffer.byteLength(svg)).toBeLessThanOrEqual(4096);
    expect(svg).toContain('viewBox="0 0 1200 1200"');
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<text|<image|<script|font-|href="(?!#)|url\((?!#)/);
    const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    const references = [...svg.matchAll(/(?:url\(#|href="#)([^")]+)/g)].map((match) => match[1]);
    expect(references.filter((reference) => !ids.includes(reference))).toEqual([]);
  });
});

describe('warehouses and stock', () => {
  const address = z.strictObject({
    line1: z.string(),
    city: z.string(),
    region: z.string(),
    postalCode: z.string(),
    country,
  });
  const warehouses = z
    .array(
      z.strictObject({
        code: z.string().regex(/^[A-Z]+$/),
        name: z.string(),
        address,
        location: z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
        servesCountries: z.array(country).min(1),
        priority: z.int().positive(),
      }),
    )
    .parse(JSON.parse(read('inventory/seed/warehouses.json')));
  const stock = z
    .array(z.strictObject({ sku, warehouse: z.string(), onHand: count, reorderPoint: count, safetyStock: count }))
    .parse(JSON.parse(read('inventory/seed/stock.json')));

  test('MAIN, EAST and EU serve in that order, MAIN to the United States', () => {
    expect(warehouses.map(({ code, priority }) => [code, priority])).toEqual([
      ['MAIN', 1],
      ['EAST', 2],
      ['EU', 3],
    ]);
    expect(warehouses[0]?.servesCountries).toContain('US');
    for (const warehouse of warehouses) expect(warehouse.servesCountries).toContain(warehouse.address.country);
  });

  test('levels are of known skus in known warehouses, each once', () => {
    expect(stock.filter((level) => !skus.has(level.sku))).toEqual([]);
    expect(stock.filter((level) => !warehouses.some(({ code }) => code === level.warehouse))).toEqual([]);
    expect(twice(stock.map((level) => `${level.sku} in ${level.warehouse}`))).toEqual([]);
  });

  test('every variant on sale has a level in MAIN, and nearly all can be bought', () => {
    const onSale = products.filter((product) => product.status === 'ACTIVE').flatMap((product) => product.variants);
    const inMain = new Set(stock.filter((level) => level.warehouse === 'MAIN').map((level) => level.sku));
    expect(onSale.filter((variant) => !inMain.has(variant.sku))).toEqual([]);
    const available = new Set(stock.filter((level) => level.onHand > level.safetyStock).map((level) => level.sku));
    const soldOut = onSale.filter((variant) => !available.has(variant.sku));
    expect(soldOut.length).toBeGreaterThan(0);
    expect(soldOut.length).toBeLessThan(onSale.length * 0.05);
  });

  test('levels vary: a few at zero, some low, most between 5 and 120', () => {
    const share = (holds: (level: (typeof stock)[number]) => boolean) => stock.filter(holds).length / stock.length;
    expect(share((level) => level.onHand === 0)).toBeGreaterThan(0.01);
    expect(share((level) => level.onHand === 0)).toBeLessThan(0.1);
    expect(share((level) => level.onHand > 0 && level.onHand <= level.reorderPoint)).toBeGreaterThan(0.05);
    expect(share((level) => level.onHand >= 5 && level.onHand <= 120)).toBeGreaterThan(0.75);
  });
});

describe('shipping zones', () => {
  const rate = z.strictObject({
    carrier: z.string(),
    service: z.enum(['Standard', 'Express']),
    prices: bothCurrencies,
    minWeightInGrams: count,
    maxWeightInGrams: z.int().positive().nullable(),
    freeFrom: bothCurrencies.nullable(),
    minBusinessDays: z.int().positive(),
    maxBusinessDays: z.int().positive(),
  });
  const zones = z
    .array(
      z.strictObject({
        code: z.string(),
        name: z.string(),
        countries: z.array(country).min(1),
        regions: z.array(z.string().regex(/^[A-Z]{2}-[A-Z]{2}$/)),
        postalCodePrefixes: z.array(z.string().min(2)),
        rates: z.array(rate).min(1),
      }),
    )
    .parse(JSON.parse(read('shipping/seed/zones.json')));

  test('reach every country that a warehouse serves', () => {
    const served: string[] = JSON.parse(read('inventory/seed/warehouses.json')).flatMap(
      (w: { servesCountries: string[] }) => w.servesCountries,
    );
    const reached = zones.flatMap((zone) => zone.countries);
    expect(served.filter((name) => !reached.includes(name))).toEqual([]);
  });

  test('the 50 states, the District, the territories and the armed forces each lie in one zone', () => {
    const regions = zones.flatMap((zone) => zone.regions).filter((region) => region.startsWith('US-'));
    expect(twice(regions)).toEqual([]);
    expect(regions).toHaveLength(50 + 1 + 5 + 3);
  });

  test('no two zones claim the same place with the same precision', () => {
    const claims = zones.flatMap((zone) =>
      zone.countries.flatMap((name) => {
        const regions = zone.regions.length > 0 ? zone.regions : [''];
        const prefixes = zone.postalCodePrefixes.length > 0 ? zone.postalCodePrefixes : [''];
        return regions.flatMap((region) => prefixes.map((prefix) => `${name}|${region}|${prefix}`));
      }),
    );
    expect(twice(claims)).toEqual([]);
  });

  test.each(zones)('$code: brackets of each service follow on one another without gap or overlap', ({ rates }) => {
    for (const service of new Set(rates.map((one) => one.service))) {
      const brackets = rates.filter((one) => one.service === service);
      let from = 0;
      for (const bracket of brackets) {
        expect(bracket.minWeightInGrams).toBe(from);
        expect(bracket.minBusinessDays).toBeLessThanOrEqual(bracket.maxBusinessDays);
        from = (bracket.maxWeightInGrams ?? Number.POSITIVE_INFINITY) + 1;
      }
      const prices = brackets.map((bracket) => Number(bracket.prices.EUR));
      expect(prices).toEqual([...prices].sort((a, b) => a - b));
    }
  });
});
