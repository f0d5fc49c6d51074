import { type AskAvailability, findShortage } from './availability.ts';
import { type Cart, findCart } from './cart.ts';
import type { CartDatabase, CartTransaction } from './database.ts';
import { maxQuantity } from './limits.ts';
import type { CartNotFound, Changed, InsufficientStock, InvalidInput, LimitExceeded } from './outcomes.ts';
import { noLines, tooMany } from './requested-lines.ts';
import { lockCart, storeLines, touchCart } from './store-lines.ts';

export interface LineUpdate {
  readonly lineId: string;
  /** 0 takes the line out. */
  readonly quantity: number;
}

export interface LineNotFound {
  readonly kind: 'line-not-found';
  readonly path: readonly string[];
}

export type UpdateLinesOutcome =
  | Changed
  | CartNotFound
  | LineNotFound
  | InsufficientStock
  | LimitExceeded
  | InvalidInput;

/** Sets quantities, all or none. More than there is is refused; fewer never is. */
export async function updateLines(
  { db, askAvailability }: { db: CartDatabase; askAvailability: AskAvailability },
  { cartId, lines: updates }: { readonly cartId: string; readonly lines: readonly LineUpdate[] },
): Promise<UpdateLinesOutcome> {
  const invalid = findInvalid(updates);
  if (invalid) return invalid;
  const before = await findCart(db, { secret: cartId });
  if (!before) return { kind: 'cart-not-found' };
  const shortage = await findShortage(askAvailability, growing(before, updates));
  if (shortage) return shortage;

  return db.$transaction(async (tx) => {
    if (!(await lockCart(tx, cartId))) return { kind: 'cart-not-found' };
    const cart = await findCart(tx, { secret: cartId });
    if (!cart) return { kind: 'cart-not-found' };
    const missing = updates.findIndex(({ lineId }) => !cart.lines.some(({ id }) => id === lineId));
    if (missing >= 0) return { kind: 'line-not-found', path: ['lines', String(missing), 'lineId'] };
    const withdrawn = findWithdrawn(cart, updates);
    if (withdrawn) return withdrawn;
    await applyUpdates(tx, cart, updates);
    const changed = await findCart(tx, { secret: cartId });
    return changed ? { kind: 'changed', cart: changed } : { kind: 'cart-not-found' };
  });
}

/** Takes lines out. A line that is gone already is no error. */
export async function removeLines(
  db: CartDatabase,
  { cartId, lineIds }: { readonly cartId: string; readonly lineIds: readonly string[] },
): Promise<Changed | CartNotFound> {
  return db.$transaction(async (tx) => {
    if (!(await lockCart(tx, cartId))) return { kind: 'cart-not-found' };
    const { count } = await tx.cartLine.deleteMany({ where: { id: { in: [...lineIds] }, cart: { secret: cartId } } });
    const cart = await findCart(tx, { secret: cartId });
    if (!cart) return { kind: 'cart-not-found' };
    if (count === 0) return { kind: 'changed', cart };
    await touchCart(tx, cart.reference);
    return { kind: 'changed', cart: { ...cart, version: cart.version + 1 } };
  });
}

function findInvalid(updates: readonly LineUpdate[]): InvalidInput | LimitExceeded | null {
  if (updates.length === 0) return noLines();
  const seen = new Set<string>();
  for (const [index, { lineId, quantity }] of updates.entries()) {
    const path = ['lines', String(index)];
    if (quantity < 0) {
      const message = `A quantity is 0, which takes the line out, or more; not ${quantity}.`;
      return { kind: 'invalid-input', message, path: [...path, 'quantity'] };
    }
    if (quantity > maxQuantity) return tooMany('one sku', [...path, 'quantity']);
    if (seen.has(lineId)) {
      return { kind: 'invalid-input', message: 'A line is named twice; name it once.', path: [...path, 'lineId'] };
    }
    seen.add(lineId);
  }
  return null;
}

/** Lines that would hold more than they do: only these ask for stock. */
const growing = (cart: Cart, updates: readonly LineUpdate[]) =>
  updates.flatMap(({ lineId, quantity }, index) => {
    const line = cart.lines.find(({ id }) => id === lineId);
    return line && quantity > line.quantity ? [{ sku: line.sku, quantity, path: ['lines', String(index)] }] : [];
  });

/** More of what is no longer sold, or no longer in the cart's currency, is refused; keeping it or fewer is not. */
function findWithdrawn(cart: Cart, updates: readonly LineUpdate[]): InvalidInput | null {
  for (const [index, { lineId, quantity }] of updates.entries()) {
    const line = cart.lines.find(({ id }) => id === lineId);
    if (line && !line.sellable && quantity > line.quantity) {
      const message = `${line.sku} is no longer sold; keep at most the ${line.quantity} in the cart, or take the line out.`;
      return { kind: 'invalid-input', message, path: ['lines', String(index), 'quantity'] };
    }
  }
  return null;
}

async function applyUpdates(tx: CartTransaction, cart: Cart, updates: readonly LineUpdate[]): Promise<void> {
  const removed = updates.filter(({ quantity }) => quantity === 0).map(({ lineId }) => lineId);
  if (removed.length > 0) await tx.cartLine.deleteMany({ where: { id: { in: removed } } });
  const set = updates.flatMap(({ lineId, quantity }) => {
    const line = cart.lines.find(({ id }) => id === lineId);
    return line && quantity > 0 ? [{ sku: line.sku, quantity, unitPrice: line.unitPrice.amount }] : [];
  });
  await storeLines(tx, cart.reference, set);
  await touchCart(tx, cart.reference);
}
