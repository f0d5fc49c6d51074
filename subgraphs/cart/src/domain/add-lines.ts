import { once, recall } from '@mercato/idempotency';
import { type AskAvailability, findShortage } from './availability.ts';
import { type Cart, findCart } from './cart.ts';
import { pricesOf } from './catalog-copy.ts';
import type { CartDatabase, CartTransaction } from './database.ts';
import { checkKey } from './idempotency-key.ts';
import { maxLines, maxQuantity } from './limits.ts';
import type { CartNotFound, Changed, KeyReused, LimitExceeded, LineRefusal } from './outcomes.ts';
import {
  type LineInput,
  noLines,
  type RequestedLine,
  readRequestedLines,
  tooMany,
  tooManyLines,
} from './requested-lines.ts';
import { lockCart, storeLines, touchCart } from './store-lines.ts';

export interface AddLinesInput {
  readonly cartId: string;
  readonly lines: readonly LineInput[];
  readonly idempotencyKey?: string | null | undefined;
}

export type AddLinesOutcome = Changed | CartNotFound | LineRefusal | KeyReused;

/** Adds units, all lines or none; a sku that is in the cart grows and takes its present price. */
export async function addLines(
  { db, askAvailability }: { db: CartDatabase; askAvailability: AskAvailability },
  { idempotencyKey, ...input }: AddLinesInput,
): Promise<AddLinesOutcome> {
  const unstorable = idempotencyKey ? checkKey(idempotencyKey) : null;
  if (unstorable) return unstorable;
  if (input.lines.length === 0) return noLines();
  const claim = idempotencyKey ? { scope: `cartLinesAdd:${input.cartId}`, key: idempotencyKey, input } : null;
  const earlier = claim && (await recall(db, claim));
  if (earlier?.kind === 'key-reused') return { kind: 'key-reused' };
  if (earlier) return reread(db, input.cartId);

  const requested = readRequestedLines(input.lines);
  if (requested.kind !== 'lines') return requested;
  const before = await findCart(db, { secret: input.cartId });
  if (!before) return { kind: 'cart-not-found' };
  const shortage = await findShortage(askAvailability, grown(before, requested.lines));
  if (shortage) {
    // Inventory says of a sku that is not sold at all that there is none.
    const prices = await pricesOf(db, requested.lines, before.currency);
    return prices.kind === 'prices' ? shortage : prices;
  }

  return db.$transaction(async (tx) => {
    const add = () => addWithin(tx, input.cartId, requested.lines);
    if (!claim) return add();
    // Only a change is final: what was refused now may be had later, with the same key.
    let outcome: AddLinesOutcome = { kind: 'key-reused' };
    const claimed = await once(
      tx,
      claim,
      async () => {
        outcome = await add();
        return outcome.kind;
      },
      (kind) => kind === 'changed',
    );
    return claimed.kind === 'repeated' ? reread(tx, input.cartId) : outcome;
  });
}

async function addWithin(
  tx: CartTransaction,
  secret: string,
  requested: readonly RequestedLine[],
): Promise<AddLinesOutcome> {
  if (!(await lockCart(tx, secret))) return { kind: 'cart-not-found' };
  const cart = await findCart(tx, { secret });
  if (!cart) return { kind: 'cart-not-found' };
  const lines = grown(cart, requested);
  const overLimit = exceededLimit(cart, lines);
  if (overLimit) return overLimit;
  const prices = await pricesOf(tx, lines, cart.currency);
  if (prices.kind !== 'prices') return prices;

  await storeLines(
    tx,
    cart.reference,
    lines.map(({ sku, quantity }) => ({ sku, quantity, unitPrice: prices.bySku.get(sku) ?? 0n })),
  );
  await touchCart(tx, cart.reference);
  return reread(tx, secret);
}

/** The requested skus with the units the cart would then hold of them. */
const grown = (cart: Cart, requested: readonly RequestedLine[]): RequestedLine[] =>
  requested.map((line) => ({
    ...line,
    quantity: line.quantity + (cart.lines.find(({ sku }) => sku === line.sku)?.quantity ?? 0),
  }));

function exceededLimit(cart: Cart, lines: readonly RequestedLine[]): LimitExceeded | null {
  const over = lines.find(({ quantity }) => quantity > maxQuantity);
  if (over) return tooMany(over.sku, [...over.path, 'quantity']);
  const skus = new Set([...cart.lines, ...lines].map(({ sku }) => sku));
  return skus.size > maxLines ? tooManyLines() : null;
}

async function reread(db: CartDatabase | CartTransaction, secret: string): Promise<Changed | CartNotFound> {
  const cart = await findCart(db, { secret });
  return cart ? { kind: 'changed', cart } : { kind: 'cart-not-found' };
}
