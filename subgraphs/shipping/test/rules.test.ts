import { describe, expect, test } from 'vitest';
import { addBusinessDays, dispatchDay } from '../src/domain/quotes/business-days.ts';
import { assumedGrams, weightOf } from '../src/domain/quotes/goods.ts';
import { priceDeliveries } from '../src/domain/quotes/price-deliveries.ts';
import { unitsByWarehouse } from '../src/domain/shipments/open-shipments.ts';
import { canBecome } from '../src/domain/shipments/status-machine.ts';
import { trackingUrlOf } from '../src/domain/shipments/tracking-url.ts';
import { chooseZone } from '../src/domain/zones/choose-zone.ts';
import type { Rate, Zone } from '../src/domain/zones/zone.ts';

const zone = (name: string, countries: string[], regions: string[] = [], postalCodePrefixes: string[] = []): Zone => ({
  id: name,
  name,
  countries,
  regions,
  postalCodePrefixes,
  rates: [],
});
const zones = [
  zone('states', ['US'], ['US-OR', 'US-CA']),
  zone('europe', ['DE', 'FR', 'ES']),
  zone('germany', ['DE'], [], []),
  zone('islands', ['DE'], [], ['25849', '2593']),
  zone('one island', ['DE'], [], ['25938']),
  zone('canaries', ['ES'], [], ['35', '38']),
  zone('britain', ['GB']),
  zone('highlands', ['GB'], [], ['IV', 'HS']),
  zone('bavarian alps', ['DE'], ['DE-BY'], ['87']),
];

test.each<[string, string, string | null, string | null, string | null]>([
  ['a region', 'US', 'OR', '97201', 'states'],
  ['a region that no zone names', 'US', 'AK', '99501', null],
  ['no region where zones want one', 'US', null, '97201', null],
  ['a country nobody delivers to', 'BR', 'SP', '01000', null],
  ['a country', 'FR', null, '75001', 'europe'],
  ['the first of equals', 'DE', 'BE', '10115', 'europe'],
  ['a postal code', 'DE', null, '25849', 'islands'],
  ['the longest beginning of a postal code', 'DE', null, '25938', 'one island'],
  ['a postal code with a space, in lower case', 'GB', null, 'iv2 3aa', 'highlands'],
  ['a postal code elsewhere', 'GB', null, 'SW1A 1AA', 'britain'],
  ['a postal code in another country', 'FR', null, '35000', 'europe'],
  ['region and postal code', 'DE', 'BY', '87435', 'bavarian alps'],
  ['no postal code', 'ES', null, null, 'europe'],
])('the zone for %s', (_what, country, region, postalCode, expected) => {
  expect(chooseZone(zones, { country, region, postalCode })?.name ?? null).toBe(expected);
});

describe('the price of a delivery', () => {
  const rate = (id: string, service: string, usd: bigint, more: Partial<Rate> = {}): Rate => ({
    id,
    carrier: 'Post',
    service,
    prices: { USD: usd },
    freeFrom: {},
    minWeightInGrams: null,
    maxWeightInGrams: null,
    minBusinessDays: 2,
    maxBusinessDays: 4,
    ...more,
  });
  const rates = [
    rate('light', 'Standard', 500n, { maxWeightInGrams: 2_000, freeFrom: { USD: 5_000n } }),
    rate('heavy', 'Standard', 900n, { minWeightInGrams: 2_001, maxWeightInGrams: 10_000 }),
    rate('express', 'Express', 1_500n, { maxWeightInGrams: 5_000 }),
    rate('express, dearer', 'Express', 1_900n),
  ];

  test.each<[number, bigint, string, [string, bigint][]]>([
    [
      1_000,
      1_000n,
      'USD',
      [
        ['light', 500n],
        ['express', 1_500n],
      ],
    ],
    [
      2_000,
      4_999n,
      'USD',
      [
        ['light', 500n],
        ['express', 1_500n],
      ],
    ],
    [
      2_000,
      5_000n,
      'USD',
      [
        ['light', 0n],
        ['express', 1_500n],
      ],
    ],
    [
      2_001,
      5_000n,
      'USD',
      [
        ['heavy', 900n],
        ['express', 1_500n],
      ],
    ],
    [
      6_000,
      100n,
      'USD',
      [
        ['heavy', 900n],
        ['express, dearer', 1_900n],
      ],
    ],
    [10_001, 100n, 'USD', [['express, dearer', 1_900n]]],
    [
      0,
      0n,
      'USD',
      [
        ['light', 500n],
        ['express', 1_500n],
      ],
    ],
    [1_000, 1_000n, 'EUR', []],
  ])('of %i g worth %i in %s', (weightInGrams, value, currency, expected) => {
    const deliveries = priceDeliveries(rates, { weightInGrams, value, currency });
    expect(deliveries.map(({ rateId, price }) => [rateId, price.amount])).toEqual(expected);
  });

  test('counts units, and takes an unknown weight for half a kilo', () => {
    const line = (quantity: number, weightInGrams: number | null) => ({
      sku: 'A',
      quantity,
      weightInGrams,
      total: { amount: '1.00', currency: 'USD' },
    });
    expect(weightOf({ lines: [line(3, 250), line(2, null)] })).toBe(750 + 2 * assumedGrams);
  });
});

describe('business days', () => {
  test.each([
    ['2026-11-23T09:00:00Z', 0, '2026-11-23'],
    ['2026-11-23T09:00:00Z', 1, '2026-11-24'],
    ['2026-11-26T09:00:00Z', 2, '2026-11-30'],
    ['2026-11-27T09:00:00Z', 1, '2026-11-30'],
    ['2026-11-28T09:00:00Z', 1, '2026-11-30'],
    ['2026-12-31T23:59:59Z', 1, '2027-01-01'],
    ['2028-02-28T00:00:00Z', 1, '2028-02-29'],
  ])('%s and %i more is %s', (from, count, expected) => {
    expect(addBusinessDays(new Date(from), count).toISOString().slice(0, 10)).toBe(expected);
  });

  test.each([
    ['2026-11-23T11:59:59Z', '2026-11-23'],
    ['2026-11-23T12:00:00Z', '2026-11-24'],
    ['2026-11-27T12:00:00Z', '2026-11-30'],
    ['2026-11-28T08:00:00Z', '2026-11-30'],
  ])('what is ordered at %s leaves on %s', (ordered, leaves) => {
    expect(dispatchDay(new Date(ordered)).toISOString().slice(0, 10)).toBe(leaves);
  });
});

test.each<
  [string, { sku: string; quantity: number; allocations: { warehouse: string; quantity: number }[] }[], object]
>([
  ['one warehouse', [{ sku: 'A', quantity: 2, allocations: [{ warehouse: 'MAIN', quantity: 2 }] }], { MAIN: { A: 2 } }],
  [
    'a split line',
    [
      {
        sku: 'A',
        quantity: 3,
        allocations: [
          { warehouse: 'MAIN', quantity: 1 },
          { warehouse: 'EAST', quantity: 2 },
        ],
      },
    ],
    { MAIN: { A: 1 }, EAST: { A: 2 } },
  ],
  [
    'a sku on two lines',
    [
      { sku: 'A', quantity: 1, allocations: [{ warehouse: 'MAIN', quantity: 1 }] },
      { sku: 'A', quantity: 1, allocations: [{ warehouse: 'MAIN', quantity: 1 }] },
    ],
    { MAIN: { A: 2 } },
  ],
  ['no warehouse named', [{ sku: 'A', quantity: 2, allocations: [] }], { '': { A: 2 } }],
  [
    'more allocated than sold',
    [{ sku: 'A', quantity: 1, allocations: [{ warehouse: 'MAIN', quantity: 5 }] }],
    { MAIN: { A: 1 } },
  ],
])('parcels of an order with %s', (_what, lines, expected) => {
  const units = Object.fromEntries(
    [...unitsByWarehouse({ lines })].map(([warehouse, skus]) => [warehouse, Object.fromEntries(skus)]),
  );
  expect(units).toEqual(expected);
});

test.each([
  ['DISPATCHED', 'IN_TRANSIT', true],
  ['DISPATCHED', 'DELIVERED', true],
  ['OUT_FOR_DELIVERY', 'IN_TRANSIT', true],
  ['EXCEPTION', 'DELIVERED', true],
  ['PENDING', 'DELIVERED', false],
  ['PENDING', 'DISPATCHED', false],
  ['DISPATCHED', 'CANCELLED', false],
  ['DELIVERED', 'IN_TRANSIT', false],
  ['RETURNED', 'DELIVERED', false],
] as const)('a shipment that is %s can become %s: %s', (from, to, expected) => {
  expect(canBecome(from, to)).toBe(expected);
});

test.each([
  ['UPS', '1Z 999', 'https://www.ups.com/track?tracknum=1Z%20999'],
  ['dhl', '123', 'https://www.dhl.com/en/express/tracking.html?AWB=123'],
  ['Cousin Bob', '1', null],
])('the tracking page of %s', (carrier, number, expected) => {
  expect(trackingUrlOf(carrier, number)).toBe(expected);
});
