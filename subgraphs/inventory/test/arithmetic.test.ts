import { describe, expect, test } from 'vitest';
import { availabilityOf, statusOf } from '../src/domain/availability.ts';
import { sumBySku } from '../src/domain/input-check.ts';
import { causeOfOnHandDrift, causeOfReservedDrift } from '../src/domain/reconciliation/cause.ts';
import { isSmall } from '../src/domain/reconciliation/policy.ts';
import { overlap } from '../src/domain/reconciliation/scope.ts';
import { judge } from '../src/domain/reconciliation/steps/reservations.ts';
import { fulfilmentsOf } from '../src/domain/reservation/fulfil.ts';
import { ordersLeftShort } from '../src/domain/shortage.ts';

const policy = { lowStockThreshold: 5, disclosureLimit: 100 };

describe('availability of one sku', () => {
  test.each([
    // available, reorder point, status
    [0, 0, 'OUT_OF_STOCK'],
    [-3, 0, 'OUT_OF_STOCK'],
    [1, 0, 'LOW_STOCK'],
    [5, 0, 'LOW_STOCK'],
    [6, 0, 'IN_STOCK'],
    [12, 12, 'LOW_STOCK'],
    [13, 12, 'IN_STOCK'],
    [2, 1, 'IN_STOCK'],
  ])('%i available with reorder point %i is %s', (available, reorderPoint, status) => {
    expect(statusOf({ available, reorderPoint }, policy)).toBe(status);
  });
});

describe('availability over skus: the best status and the sum', () => {
  const stock = (available: number) => ({ available, reorderPoint: 0 });
  test.each([
    [[], 'OUT_OF_STOCK', 0],
    [[0, 0], 'OUT_OF_STOCK', 0],
    [[0, 3], 'LOW_STOCK', 3],
    [[3, 3], 'LOW_STOCK', 6],
    [[0, 3, 40], 'IN_STOCK', 43],
    [[60, 40], 'IN_STOCK', 100],
    [[60, 41], 'IN_STOCK', null],
  ])('%j', (available, status, quantityAvailable) => {
    expect(availabilityOf(available.map(stock), policy)).toEqual({ status, quantityAvailable });
  });
});

describe('which differences of a count are booked without asking', () => {
  const heal = { countHealUnits: 5, countHealPercent: 2 };
  test.each([
    // booked, counted, small
    [10, 7, true],
    [10, 5, true],
    [10, 4, false],
    [0, 5, true],
    [0, 6, false],
    [1_000, 980, true],
    [1_000, 979, false],
    [1_000, 1_020, true],
    [-4, 2, false],
  ])('%i booked, %i counted: %s', (booked, counted, small) => {
    expect(isSmall(booked, counted, heal)).toBe(small);
  });
});

describe('why a level is off', () => {
  test.each([
    [3, [10, 3, -1], 'APPLIED_TWICE'],
    [-1, [10, -1], 'APPLIED_TWICE'],
    [4, [10, 3], 'CHANGED_PAST_LEDGER'],
    [4, [], 'CHANGED_PAST_LEDGER'],
  ] as const)('on hand off by %i after movements %j: %s', (excess, recent, cause) => {
    expect(causeOfOnHandDrift(excess, recent)).toBe(cause);
  });

  test.each([
    [2, [2], [], 'MISSED_RELEASE'],
    [2, [2], [2], 'MISSED_RELEASE'],
    [2, [], [2], 'APPLIED_TWICE'],
    [-2, [2], [], 'APPLIED_TWICE'],
    [9, [2], [3], 'CHANGED_PAST_LEDGER'],
  ] as const)('reserved off by %i, closed %j, open %j: %s', (excess, closed, open, cause) => {
    expect(causeOfReservedDrift(excess, closed, open)).toBe(cause);
  });
});

describe('which orders a shelf leaves short', () => {
  const promises = [
    { orderId: 'a', quantity: 2 },
    { orderId: 'b', quantity: 3 },
    { orderId: 'c', quantity: 1 },
  ];
  test.each([
    [6, []],
    [5, ['c']],
    [4, ['b', 'c']],
    [2, ['b', 'c']],
    [1, ['a', 'b', 'c']],
    [-1, ['a', 'b', 'c']],
  ])('%i on hand: %j', (onHand, short) => {
    expect(ordersLeftShort(promises, onHand)).toEqual(short);
  });
});

describe('which reserved units a shipment takes', () => {
  const line = (id: string, warehouseId: string, quantity: number, fulfilledQuantity = 0) => ({
    id,
    sku: 'MUG',
    warehouseId,
    quantity,
    fulfilledQuantity,
  });
  const lines = [line('east', 'EAST', 3), line('main', 'MAIN', 4, 1)];
  test.each([
    [2, 'MAIN', { main: 2 }],
    [5, 'MAIN', { main: 3, east: 2 }],
    [9, 'MAIN', { main: 3, east: 3 }],
    [2, 'EAST', { east: 2 }],
    [2, 'ELSEWHERE', { east: 2 }],
  ])('%i from %s: %j', (quantity, warehouse, taken) => {
    const fulfilments = fulfilmentsOf(lines, [{ sku: 'MUG', quantity }], warehouse);
    expect(Object.fromEntries(fulfilments.map(({ line: { id }, units }) => [id, units]))).toEqual(taken);
  });
  test('of a sku that was not reserved: none', () => {
    expect(fulfilmentsOf(lines, [{ sku: 'CUP', quantity: 1 }], 'MAIN')).toEqual([]);
  });
});

describe('what is wrong with an open reservation', () => {
  const order = (status: string) => ({ id: 'o', status, country: null, lines: [] });
  test.each([
    ['HELD', undefined, 'orphan'],
    ['CONFIRMED', undefined, 'orphan'],
    ['CONFIRMED', 'CANCELLED', 'orphan'],
    ['HELD', 'FAILED', 'orphan'],
    ['HELD', 'PENDING', 'fine'],
    ['CONFIRMED', 'PENDING', 'fine'],
    ['HELD', 'PLACED', 'unconfirmed'],
    ['CONFIRMED', 'PLACED', 'fine'],
    ['CONFIRMED', 'PARTIALLY_SHIPPED', 'fine'],
  ] as const)('%s for an order %s: %s', (status, orderStatus, verdict) => {
    expect(judge({ status }, orderStatus && order(orderStatus))).toBe(verdict);
  });
});

describe('whether two scopes share a level', () => {
  const all = { warehouseId: null, skus: [] };
  test.each([
    [all, all, true],
    [all, { warehouseId: 'w1', skus: ['a'] }, true],
    [{ warehouseId: 'w1', skus: [] }, { warehouseId: 'w2', skus: [] }, false],
    [{ warehouseId: 'w1', skus: [] }, { warehouseId: null, skus: ['a'] }, true],
    [{ warehouseId: null, skus: ['a'] }, { warehouseId: null, skus: ['b'] }, false],
    [{ warehouseId: 'w1', skus: ['a', 'b'] }, { warehouseId: 'w1', skus: ['b'] }, true],
  ])('%j and %j: %s', (one, other, shared) => {
    expect(overlap(one, other)).toBe(shared);
    expect(overlap(other, one)).toBe(shared);
  });
});

test('lines of one sku are summed, in the order first named', () => {
  const lines = [
    { sku: 'b', quantity: 1 },
    { sku: 'a', quantity: 2 },
    { sku: 'b', quantity: 3 },
  ];
  expect(sumBySku(lines)).toEqual([
    { sku: 'b', quantity: 4 },
    { sku: 'a', quantity: 2 },
  ]);
});
