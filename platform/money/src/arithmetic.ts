import { CurrencyMismatchError } from './currency.ts';
import type { Money } from './money.ts';

/** Throws `CurrencyMismatchError`. */
export function add(left: Money, right: Money): Money {
  assertSameCurrency(left.currency, right.currency);
  return { amount: left.amount + right.amount, currency: left.currency };
}

/** Throws `CurrencyMismatchError`. */
export function subtract(left: Money, right: Money): Money {
  assertSameCurrency(left.currency, right.currency);
  return { amount: left.amount - right.amount, currency: left.currency };
}

export function negate(money: Money): Money {
  return { amount: -money.amount, currency: money.currency };
}

/** The price of so many units. A quantity that is no whole number is a bug: throws `RangeError`. */
export function multiply(money: Money, quantity: number | bigint): Money {
  if (typeof quantity === 'number' && !Number.isSafeInteger(quantity)) {
    throw new RangeError(`A quantity is a whole number, not ${quantity}: use multiplyRatio for fractions.`);
  }
  return { amount: money.amount * BigInt(quantity), currency: money.currency };
}

/** The sum, zero of the given currency when there is nothing to add. Throws `CurrencyMismatchError`. */
export function sum(amounts: Iterable<Money>, currency: string): Money {
  let total: Money = { amount: 0n, currency };
  for (const money of amounts) total = add(total, money);
  return total;
}

function assertSameCurrency(left: string, right: string): void {
  if (left !== right) throw new CurrencyMismatchError(left, right);
}
