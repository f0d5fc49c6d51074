import { parseAmount } from '@mercato/money';
import type { Problem } from '../domain/catalog/problem.ts';
import type { PriceRecord } from '../domain/catalog/product-record.ts';

interface MoneyInput {
  readonly amount: string;
  readonly currency: string;
}

/** Reads a price with its compare-at price into minor units; what cannot be read is named. */
export function readPrice(
  { price, compareAtPrice }: { price: MoneyInput; compareAtPrice?: MoneyInput | null },
  path: readonly string[],
): { price: PriceRecord | null; problems: Problem[] } {
  const { currency } = price;
  const amount = parseAmount(price.amount, currency);
  if (amount.kind === 'invalid') return refused([...path, 'price', 'amount'], amount.reason);
  if (amount.amount < 0n) return refused([...path, 'price', 'amount'], 'must not be negative');
  if (!compareAtPrice) return { price: { currency, amount: amount.amount, compareAt: null }, problems: [] };

  if (compareAtPrice.currency !== currency) {
    return refused([...path, 'compareAtPrice', 'currency'], `must be ${currency} as that of the price`);
  }
  const compareAt = parseAmount(compareAtPrice.amount, currency);
  if (compareAt.kind === 'invalid') return refused([...path, 'compareAtPrice', 'amount'], compareAt.reason);
  if (compareAt.amount < 0n) return refused([...path, 'compareAtPrice', 'amount'], 'must not be negative');
  return { price: { currency, amount: amount.amount, compareAt: compareAt.amount }, problems: [] };
}

const refused = (path: string[], message: string) => ({ price: null, problems: [{ path, message }] });
