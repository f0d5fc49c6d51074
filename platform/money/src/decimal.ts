import { isCurrency, minorDigits, UnknownCurrencyError } from './currency.ts';
import type { Money } from './money.ts';

/** Largest amount taken from outside, in minor units either way: far above any order, far below bigint columns' end. */
export const MAX_AMOUNT = 10n ** 15n;

/** What became of a text. `reason` continues a sentence that begins with the field's name: "amount must be …". */
export type ParsedAmount = { kind: 'ok'; amount: bigint } | { kind: 'invalid'; reason: string };

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const LONGEST = 40;

/**
 * Reads an exact decimal such as `42.99` into minor units. Fewer digits than the currency has are filled up (`42.9` is
 * 42.90 USD); more are refused, zeros too, since nothing is ever rounded silently. Signs other than a leading minus,
 * exponents, spaces and grouping are refused.
 */
export function parseAmount(text: string, currency: string): ParsedAmount {
  if (!isCurrency(currency)) return { kind: 'invalid', reason: new UnknownCurrencyError(currency).message };

  const digits = minorDigits(currency);
  const match = text.length <= LONGEST ? DECIMAL.exec(text) : null;
  if (!match) return { kind: 'invalid', reason: `must be an exact decimal number such as ${example(digits)}` };

  const [, sign, whole = '', fraction = ''] = match;
  if (fraction.length > digits) {
    const allowed = digits === 0 ? 'no digits' : `at most ${digits} digits`;
    return { kind: 'invalid', reason: `must have ${allowed} after the point: ${currency} has no smaller unit` };
  }

  const size = BigInt(whole + fraction.padEnd(digits, '0'));
  if (size > MAX_AMOUNT) {
    return { kind: 'invalid', reason: `must lie within ±${decimal(MAX_AMOUNT, digits)} ${currency}` };
  }
  return { kind: 'ok', amount: sign === '-' ? -size : size };
}

/** The amount with exactly the minor digits of its currency, such as `42.90`. Throws `UnknownCurrencyError`. */
export function formatAmount(money: Money): string {
  return decimal(money.amount, minorDigits(money.currency));
}

/** The shape of the schema's `Money`. Throws `UnknownCurrencyError`. */
export function toGraphQL(money: Money): { amount: string; currency: string } {
  return { amount: formatAmount(money), currency: money.currency };
}

function decimal(amount: bigint, digits: number): string {
  const sign = amount < 0n ? '-' : '';
  const figures = (amount < 0n ? -amount : amount).toString().padStart(digits + 1, '0');
  if (digits === 0) return sign + figures;
  return `${sign}${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
}

function example(digits: number): string {
  return digits === 0 ? '42' : `42.${'9'.repeat(digits)}`;
}
