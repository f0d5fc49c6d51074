import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareWithCart } from '../src/domain/checkout/compare.ts';
import { readEmail } from '../src/domain/checkout/email.ts';
import { totalsOf } from '../src/domain/checkout/totals.ts';
import { OrderTokens } from '../src/domain/order/access-token.ts';
import { canBecome, type KnownShipment, type OrderStatus, statusByShipments } from '../src/domain/order/status.ts';
import { shareOut } from '../src/domain/placement/confirm-placement.ts';
import { backoffMs } from '../src/domain/placement/drive.ts';
import { missingRequirements } from '../src/domain/placement/requirements.ts';
import { TokenSeal } from '../src/domain/placement/sealed-token.ts';
import { hasEnded, next, type Position, type StepResult } from '../src/domain/placement/transitions.ts';

const usd = (amount: bigint) => ({ amount, currency: 'USD' });
const line = (sku: string, quantity: number, price: bigint, weightInGrams: number | null = 100) => ({
  id: `line_${sku}`,
  sku,
  title: sku,
  quantity,
  unitPrice: usd(price),
  weightInGrams,
  taxClass: null,
});

describe('totals', () => {
  test.each<[string, [number, bigint][], bigint | null, boolean, object]>([
    ['nothing chosen', [[2, 1999n]], null, false, { subtotal: 3998n, delivery: null, tax: null, total: 3998n }],
    ['an address', [[1, 1999n]], null, true, { subtotal: 1999n, delivery: null, tax: 0n, total: 1999n }],
    [
      'delivery',
      [
        [3, 333n],
        [1, 1n],
      ],
      690n,
      true,
      { subtotal: 1000n, delivery: 690n, tax: 0n, total: 1690n },
    ],
    ['free delivery', [[1, 9000n]], 0n, true, { subtotal: 9000n, delivery: 0n, tax: 0n, total: 9000n }],
    ['gifts', [[5, 0n]], 0n, true, { subtotal: 0n, delivery: 0n, tax: 0n, total: 0n }],
    ['no lines', [], null, false, { subtotal: 0n, delivery: null, tax: null, total: 0n }],
  ])('with %s', (_name, lines, delivery, hasAddress, expected) => {
    const totals = totalsOf({
      currency: 'USD',
      lines: lines.map(([quantity, price], n) => line(`S${n}`, quantity, price)),
      delivery: delivery === null ? null : { price: usd(delivery) },
      hasAddress,
    });
    const amounts = Object.fromEntries(Object.entries(totals).map(([name, money]) => [name, money?.amount ?? null]));
    expect(amounts).toEqual({ discount: 0n, ...expected });
  });
});

describe('a cart that changed', () => {
  const frozen = [line('A', 2, 100n), line('B', 1, 50n)];
  test.each<[string, ReturnType<typeof line>[], string]>([
    ['not at all', [line('A', 2, 100n), line('B', 1, 50n)], 'same'],
    ['in its order', [line('B', 1, 50n), line('A', 2, 100n)], 'same'],
    ['in a price', [line('A', 2, 101n), line('B', 1, 50n)], 'prices-changed'],
    ['in a quantity', [line('A', 3, 100n), line('B', 1, 50n)], 'items-changed'],
    ['in a weight', [line('A', 2, 100n, 200), line('B', 1, 50n)], 'items-changed'],
    ['by a line more', [...frozen, line('C', 1, 1n)], 'items-changed'],
    ['by a line less', [line('A', 2, 100n)], 'items-changed'],
    ['by another sku', [line('A', 2, 100n), line('C', 1, 50n)], 'items-changed'],
    ['in price and quantity', [line('A', 1, 200n), line('B', 1, 50n)], 'items-changed'],
  ])('%s', (_name, lines, expected) => expect(compareWithCart(frozen, { lines })).toBe(expected));
});

describe('what is missing', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const address = {
    name: 'Ada',
    line1: '1',
    line2: null,
    city: 'P',
    region: null,
    postalCode: null,
    country: 'US',
    phone: null,
  };
  const delivery = {
    optionId: 'd',
    carrier: 'c',
    service: 's',
    price: usd(0n),
    expiresAt: new Date('2026-11-22T12:00:01Z'),
  };
  const whole = { email: 'a@b.co', shippingAddress: address, delivery, lines: [line('A', 1, 100n)], currency: 'USD' };
  test.each<[string, Partial<typeof whole> | Record<string, null>, boolean, string[]]>([
    ['nothing', {}, true, []],
    [
      'everything',
      { email: null, shippingAddress: null, delivery: null },
      false,
      ['EMAIL', 'SHIPPING_ADDRESS', 'DELIVERY_OPTION', 'PAYMENT'],
    ],
    ['an offer that lasts no longer', { delivery: { ...delivery, expiresAt: now } }, true, ['DELIVERY_OPTION']],
    ['no payment where nothing is due', { lines: [line('A', 1, 0n)] }, false, []],
    ['payment', {}, false, ['PAYMENT']],
  ])('%s', (_name, changes, hasPayment, expected) => {
    expect(missingRequirements({ ...whole, ...changes }, { hasPayment, now })).toEqual(expected);
  });
});

describe('e-mail addresses', () => {
  test.each([
    ['ada@example.com', 'ada@example.com'],
    ['  ada+shop@mail.example.co.uk ', 'ada+shop@mail.example.co.uk'],
    [null, null],
  ])('%j is taken', (given, email) => expect(readEmail(given)).toEqual({ kind: 'email', email }));
  test.each(['', 'ada', 'ada@', '@example.com', 'a b@example.com', `${'a'.repeat(250)}@b.co`])('%j is not', (given) =>
    expect(readEmail(given)).toMatchObject({ kind: 'invalid-input', path: ['email'] }),
  );
});

describe('the saga', () => {
  const done: StepResult = { kind: 'done' };
  const short: StepResult = {
    kind: 'refused',
    refusal: { kind: 'insufficient-stock', sku: 'A', requested: 1, available: 0 },
  };
  const declined: StepResult = { kind: 'refused', refusal: { kind: 'payment-declined', code: 'GENERIC' } };
  const abandoned: StepResult = { kind: 'refused', refusal: { kind: 'abandoned' } };
  const action: StepResult = { kind: 'action-required' };
  const unknown: StepResult = { kind: 'unknown', reason: 'no answer' };

  test.each<[string, string, StepResult, boolean, string]>([
    ['RUNNING RESERVE', 'done', done, true, 'RUNNING AUTHORIZE'],
    ['RUNNING RESERVE', 'done, nothing due', done, false, 'RUNNING CONFIRM'],
    ['RUNNING RESERVE', 'short', short, true, 'UNDOING RELEASE_STOCK'],
    ['RUNNING RESERVE', 'unknown', unknown, true, 'RUNNING RESERVE'],
    ['RUNNING AUTHORIZE', 'done', done, true, 'RUNNING CONFIRM'],
    ['RUNNING AUTHORIZE', 'declined', declined, true, 'UNDOING RELEASE_STOCK'],
    ['RUNNING AUTHORIZE', 'a step at the bank', action, true, 'AWAITING_ACTION AUTHORIZE'],
    ['RUNNING AUTHORIZE', 'the hold is gone', short, true, 'UNDOING CANCEL_PAYMENT'],
    ['RUNNING AUTHORIZE', 'unknown', unknown, true, 'RUNNING AUTHORIZE'],
    ['AWAITING_ACTION AUTHORIZE', 'still waiting', action, true, 'AWAITING_ACTION AUTHORIZE'],
    ['AWAITING_ACTION AUTHORIZE', 'done', done, true, 'RUNNING CONFIRM'],
    ['AWAITING_ACTION AUTHORIZE', 'declined', declined, true, 'UNDOING RELEASE_STOCK'],
    ['AWAITING_ACTION AUTHORIZE', 'abandoned', abandoned, true, 'UNDOING CANCEL_PAYMENT'],
    ['AWAITING_ACTION AUTHORIZE', 'unknown', unknown, true, 'AWAITING_ACTION AUTHORIZE'],
    ['RUNNING CONFIRM', 'done', done, true, 'PLACED CONFIRM'],
    ['RUNNING CONFIRM', 'the stock is gone', short, true, 'UNDOING CANCEL_PAYMENT'],
    ['RUNNING CONFIRM', 'the stock is gone, nothing due', short, false, 'UNDOING RELEASE_STOCK'],
    ['RUNNING CONFIRM', 'unknown', unknown, true, 'RUNNING CONFIRM'],
    ['UNDOING CANCEL_PAYMENT', 'done', done, true, 'UNDOING RELEASE_STOCK'],
    ['UNDOING CANCEL_PAYMENT', 'unknown', unknown, true, 'UNDOING CANCEL_PAYMENT'],
    ['UNDOING RELEASE_STOCK', 'done', done, true, 'FAILED RELEASE_STOCK'],
    ['UNDOING RELEASE_STOCK', 'unknown', unknown, true, 'UNDOING RELEASE_STOCK'],
    ['CANCELLING CANCEL_SHIPMENTS', 'done', done, true, 'CANCELLING CANCEL_PAYMENT'],
    ['CANCELLING CANCEL_SHIPMENTS', 'done, nothing due', done, false, 'CANCELLING RELEASE_STOCK'],
    ['CANCELLING CANCEL_SHIPMENTS', 'a parcel has left', { kind: 'too-late' }, true, 'PLACED CONFIRM'],
    ['CANCELLING CANCEL_SHIPMENTS', 'unknown', unknown, true, 'CANCELLING CANCEL_SHIPMENTS'],
    ['CANCELLING CANCEL_PAYMENT', 'done', done, true, 'CANCELLING RELEASE_STOCK'],
    ['CANCELLING RELEASE_STOCK', 'done', done, true, 'CANCELLED RELEASE_STOCK'],
  ])('%s, %s', (from, _name, result, needsPayment, expected) => {
    const [state, step] = from.split(' ');
    const to = next({ state, step } as Position, result, { needsPayment });
    expect(`${to.state} ${to.step}`).toBe(expected);
  });

  test('an undo is never refused, and nothing but a payment asks for a step', () => {
    expect(() => next({ state: 'UNDOING', step: 'RELEASE_STOCK' }, short, { needsPayment: true })).toThrow();
    expect(() => next({ state: 'RUNNING', step: 'RESERVE' }, action, { needsPayment: true })).toThrow();
    expect(() =>
      next({ state: 'CANCELLING', step: 'CANCEL_PAYMENT' }, { kind: 'too-late' }, { needsPayment: true }),
    ).toThrow();
  });

  test('whatever happens, it ends placed, or with all undone that may have been done', () => {
    const results = [done, short, declined, unknown, action];
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 40 }), fc.boolean(), (choices, needsPayment) => {
        let at: Position = { state: 'RUNNING', step: 'RESERVE' };
        let promised = false;
        for (const choice of [...choices, 0, 0, 0, 0, 0, 0]) {
          if (hasEnded(at)) break;
          const undoing = at.state === 'UNDOING';
          const pick: StepResult = results[undoing ? (choice === 3 ? 3 : 0) : choice] ?? done;
          const result: StepResult =
            pick === action && at.step !== 'AUTHORIZE'
              ? unknown
              : pick === declined && at.step !== 'AUTHORIZE'
                ? short
                : pick;
          if (at.step === 'AUTHORIZE' && (result === done || result === unknown || result === action)) promised = true;
          if (at.step === 'AUTHORIZE' && result === declined) promised = false;
          if (at.step === 'CANCEL_PAYMENT' && result === done) promised = false;
          at = next(at, result, { needsPayment });
        }
        expect(hasEnded(at)).toBe(true);
        if (at.state === 'FAILED') expect([at.step, promised]).toEqual(['RELEASE_STOCK', false]);
      }),
    );
  });

  test('asks less and less often, and never stops asking', () => {
    expect([3, 4, 5, 8, 9, 50].map(backoffMs)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  });
});

describe('an order', () => {
  const statuses: OrderStatus[] = [
    'PENDING',
    'PLACED',
    'PARTIALLY_SHIPPED',
    'SHIPPED',
    'DELIVERED',
    'CANCELLED',
    'FAILED',
  ];
  test.each<[OrderStatus, OrderStatus[]]>([
    ['PENDING', ['PLACED', 'FAILED']],
    ['PLACED', ['PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED']],
    ['PARTIALLY_SHIPPED', ['SHIPPED', 'DELIVERED']],
    ['SHIPPED', ['DELIVERED']],
    ['DELIVERED', []],
    ['CANCELLED', []],
    ['FAILED', []],
  ])('that is %s becomes %j and nothing else', (from, allowed) => {
    expect(statuses.filter((to) => canBecome(from, to)).sort()).toEqual([...allowed].sort());
  });

  const ordered = [
    { sku: 'A', quantity: 2 },
    { sku: 'B', quantity: 1 },
  ];
  const parcel = (delivered: boolean, ...lines: [string, number][]): KnownShipment => ({
    lines: lines.map(([sku, quantity]) => ({ sku, quantity })),
    delivered,
  });
  test.each<[string, KnownShipment[], string]>([
    ['no parcel', [], 'PLACED'],
    ['a part of a line', [parcel(false, ['A', 1])], 'PARTIALLY_SHIPPED'],
    ['one of two parcels', [parcel(true, ['A', 2])], 'PARTIALLY_SHIPPED'],
    ['both', [parcel(false, ['A', 2]), parcel(true, ['B', 1])], 'SHIPPED'],
    ['both, arrived', [parcel(true, ['A', 2]), parcel(true, ['B', 1])], 'DELIVERED'],
    ['one in all', [parcel(false, ['A', 2], ['B', 1])], 'SHIPPED'],
    ['an arrival that was heard of first', [{ lines: null, delivered: true }], 'PLACED'],
  ])('with %s is there', (_name, shipments, expected) => expect(statusByShipments(ordered, shipments)).toBe(expected));

  test('shares out what was held among its lines', () => {
    expect(
      shareOut(
        [
          { sku: 'A', quantity: 3 },
          { sku: 'B', quantity: 1 },
          { sku: 'A', quantity: 2 },
        ],
        [
          { sku: 'A', warehouse: 'MAIN', quantity: 4 },
          { sku: 'A', warehouse: 'WEST', quantity: 1 },
          { sku: 'B', warehouse: 'MAIN', quantity: 1 },
        ],
      ).map(({ allocations }) => allocations),
    ).toEqual([
      [{ warehouse: 'MAIN', quantity: 3 }],
      [{ warehouse: 'MAIN', quantity: 1 }],
      [
        { warehouse: 'MAIN', quantity: 1 },
        { warehouse: 'WEST', quantity: 1 },
      ],
    ]);
  });
});

describe('tokens', () => {
  const one = 'x'.repeat(32);
  const two = 'y'.repeat(32);

  test('open their own order, after the key was replaced too', () => {
    const before = new OrderTokens({ 1: one });
    const token = before.issue({ id: 'order_1', tokenVersion: before.currentVersion });
    const after = new OrderTokens({ 1: one, 2: two });
    expect(after.currentVersion).toBe('2');
    expect(after.opens('order_1', token)).toBe(true);
    expect(after.issue({ id: 'order_1', tokenVersion: '1' })).toBe(token);
    expect(new OrderTokens({ 2: two }).opens('order_1', token)).toBe(false);
  });

  test.each<(token: string) => string>([
    (token) => `${token}x`,
    (token) => token.slice(0, -1),
    (token) => token.replace(/^1\./, '2.'),
    (token) => token.replace(/^1\./, ''),
    (token) => `${token.slice(0, -2)}${token.at(-1)}${token.at(-2)}`,
    () => '',
    () => '1.',
    () => '__proto__.x',
  ])('that were touched open nothing: %s', (forge) => {
    const tokens = new OrderTokens({ 1: one, 2: two });
    const token = tokens.issue({ id: 'order_1', tokenVersion: '1' });
    const forged = forge(token);
    expect(forged === token || tokens.opens('order_1', forged)).toBe(forged === token);
    expect(tokens.opens('order_2', token)).toBe(false);
  });

  test('want a long key', () => {
    expect(() => new OrderTokens({})).toThrow('need a key');
    expect(() => new OrderTokens({ 1: 'short' })).toThrow('too short');
  });

  test('of cards are sealed for one order, and differ each time', () => {
    const seal = new TokenSeal({ 1: one }, '1');
    const sealed = seal.seal('tok_visa', 'order_1');
    expect(sealed).not.toContain('tok_visa');
    expect(seal.seal('tok_visa', 'order_1')).not.toBe(sealed);
    expect(new TokenSeal({ 1: one, 2: two }, '2').open(sealed, 'order_1')).toBe('tok_visa');
    expect(() => seal.open(sealed, 'order_2')).toThrow();
    expect(() => new TokenSeal({ 1: two }, '1').open(sealed, 'order_1')).toThrow();
  });
});
