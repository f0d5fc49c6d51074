import { type Cart, findCart } from './cart.ts';
import type { CartDatabase } from './database.ts';
import { maxDiscountCodes } from './limits.ts';
import type { CartNotFound, Changed, InvalidInput } from './outcomes.ts';
import { lockCart } from './store-lines.ts';

const maxCodeLength = 64;

/** The codes as a shopper may have typed them: trimmed, each once whatever its case. */
export function readDiscountCodes(
  codes: readonly string[],
  path: readonly string[],
): { kind: 'codes'; codes: string[] } | InvalidInput {
  const bySpelling = new Map<string, string>();
  for (const [index, typed] of codes.entries()) {
    const code = typed.trim();
    if (code === '' || code.length > maxCodeLength || code.includes('\0')) {
      const message = `A discount code has 1 to ${maxCodeLength} characters, and no NUL among them.`;
      return { kind: 'invalid-input', message, path: [...path, String(index)] };
    }
    bySpelling.set(code.toUpperCase(), bySpelling.get(code.toUpperCase()) ?? code);
  }
  if (bySpelling.size > maxDiscountCodes) {
    return { kind: 'invalid-input', message: `A cart takes at most ${maxDiscountCodes} discount codes.`, path };
  }
  return { kind: 'codes', codes: [...bySpelling.values()] };
}

/** Whether a code takes something off. The shop has no promotions yet, so that every code is unknown to it. */
export const judgeDiscountCodes = (cart: Cart): { code: string; applied: false; reason: 'UNKNOWN' }[] =>
  cart.discountCodes.map((code) => ({ code, applied: false, reason: 'UNKNOWN' }));

/** Sets all codes of a cart. They change no price, so the version stays. */
export async function updateDiscountCodes(
  db: CartDatabase,
  { cartId, codes }: { readonly cartId: string; readonly codes: readonly string[] },
): Promise<Changed | CartNotFound | InvalidInput> {
  const read = readDiscountCodes(codes, ['codes']);
  if (read.kind !== 'codes') return read;
  return db.$transaction(async (tx) => {
    if (!(await lockCart(tx, cartId))) return { kind: 'cart-not-found' };
    await tx.cart.update({ where: { secret: cartId }, data: { discountCodes: read.codes, updatedAt: new Date() } });
    const cart = await findCart(tx, { secret: cartId });
    return cart ? { kind: 'changed', cart } : { kind: 'cart-not-found' };
  });
}
