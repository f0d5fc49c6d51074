import type { Money } from '@mercato/money';
import { z } from 'zod';

/** A line as it was frozen: what is bought, and what a unit costs. */
export interface CheckoutLine {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly weightInGrams: number | null;
  readonly taxClass: string | null;
}

/** How lines are kept. Prices in minor units as text: JSON numbers are floats. */
const storedLines = z.array(
  z.object({
    id: z.string(),
    sku: z.string(),
    title: z.string(),
    quantity: z.number().int(),
    unitPrice: z.string().transform(BigInt),
    weightInGrams: z.number().int().nullable(),
    taxClass: z.string().nullable(),
  }),
);

export const readLines = (stored: unknown, currency: string): CheckoutLine[] =>
  storedLines.parse(stored).map((line) => ({ ...line, unitPrice: { amount: line.unitPrice, currency } }));

export const writeLines = (lines: readonly CheckoutLine[]): string =>
  JSON.stringify(lines.map((line) => ({ ...line, unitPrice: line.unitPrice.amount.toString() })));
