import { once, recall } from '@mercato/idempotency';
import { newId, secretId } from '@mercato/ids';
import { isCurrency } from '@mercato/money';
import { type AskAvailability, findShortage } from './availability.ts';
import { findCart } from './cart.ts';
import { pricesOf } from './catalog-copy.ts';
import type { CartDatabase, CartTransaction } from './database.ts';
import { readDiscountCodes } from './discount-codes.ts';
import { checkGuestKey } from './idempotency-key.ts';
import { keptDays, shopCurrency } from './limits.ts';
import type { Changed, InvalidInput, KeyReused, LineRefusal } from './outcomes.ts';
import { type LineInput, readRequestedLines } from './requested-lines.ts';
import { storeLines } from './store-lines.ts';

export interface CreateCartInput {
  readonly currency?: string | null | undefined;
  readonly lines?: readonly LineInput[] | null | undefined;
  readonly discountCodes?: readonly string[] | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

export type CreateCartOutcome = Changed | LineRefusal | KeyReused;

/** Makes a cart with its first lines, all or none. */
export async function createCart(
  { db, askAvailability }: { db: CartDatabase; askAvailability: AskAvailability },
  { idempotencyKey, ...input }: CreateCartInput,
): Promise<CreateCartOutcome> {
  const weak = idempotencyKey ? checkGuestKey(idempotencyKey) : null;
  if (weak) return weak;
  const claim = idempotencyKey ? { scope: 'cartCreate', key: idempotencyKey, input } : null;
  const earlier = claim && (await recall<string>(db, claim));
  if (earlier) return earlier.kind === 'repeated' ? reread(db, earlier.result) : { kind: 'key-reused' };

  const plan = await planCart(db, askAvailability, input);
  if (plan.kind !== 'plan') return plan;
  const created = await db.$transaction(async (tx) => {
    const insert = () => insertCart(tx, plan);
    if (!claim) return { kind: 'first' as const, result: await insert() };
    return once(tx, claim, insert);
  });
  return created.kind === 'key-reused' ? created : reread(db, created.result);
}

interface CartPlan {
  readonly kind: 'plan';
  readonly currency: string;
  readonly discountCodes: readonly string[];
  readonly lines: readonly { sku: string; quantity: number; unitPrice: bigint }[];
}

async function planCart(
  db: CartDatabase,
  askAvailability: AskAvailability,
  input: Omit<CreateCartInput, 'idempotencyKey'>,
): Promise<CartPlan | LineRefusal> {
  const currency = input.currency ?? shopCurrency;
  if (!isCurrency(currency))
    return invalid(`${currency} is no currency; use a code of ISO 4217, such as USD.`, ['currency']);
  const codes = readDiscountCodes(input.discountCodes ?? [], ['discountCodes']);
  if (codes.kind !== 'codes') return codes;
  const requested = readRequestedLines(input.lines ?? []);
  if (requested.kind !== 'lines') return requested;
  const { lines } = requested;
  if (lines.length === 0) return { kind: 'plan', currency, discountCodes: codes.codes, lines: [] };

  const prices = await pricesOf(db, lines, currency);
  if (prices.kind !== 'prices') return prices;
  const shortage = await findShortage(askAvailability, lines);
  if (shortage) return shortage;
  return {
    kind: 'plan',
    currency,
    discountCodes: codes.codes,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity, unitPrice: prices.bySku.get(sku) ?? 0n })),
  };
}

async function insertCart(tx: CartTransaction, { currency, discountCodes, lines }: CartPlan): Promise<string> {
  const reference = newId('cart');
  await tx.$executeRaw`
    INSERT INTO cart (id, secret, currency, discount_codes, expires_at) VALUES (${reference}, ${secretId('cart')},
      ${currency}, ${[...discountCodes]}::text[], now() + make_interval(days => ${keptDays}::int))`;
  await storeLines(tx, reference, lines);
  return reference;
}

async function reread(db: CartDatabase, reference: string): Promise<Changed | InvalidInput> {
  const cart = await findCart(db, { reference });
  if (cart) return { kind: 'changed', cart };
  return invalid('The cart that this idempotencyKey made was ordered or has lapsed; use a new key for a new cart.', [
    'idempotencyKey',
  ]);
}

const invalid = (message: string, path: readonly string[]): InvalidInput => ({ kind: 'invalid-input', message, path });
