import { maxLines, maxQuantity } from './limits.ts';
import type { InvalidInput, LimitExceeded } from './outcomes.ts';

export interface LineInput {
  readonly sku: string;
  readonly quantity: number;
}

/** A sku that is asked for, once, with where it was first named. */
export interface RequestedLine extends LineInput {
  readonly path: readonly string[];
}

/** Longer than any sku that is sold. */
const longestSku = 255;

/** Adds up the lines of one sku; refuses what no cart could hold. */
export function readRequestedLines(
  inputs: readonly LineInput[],
): { kind: 'lines'; lines: RequestedLine[] } | InvalidInput | LimitExceeded {
  const bySku = new Map<string, RequestedLine>();
  for (const [index, { sku, quantity }] of inputs.entries()) {
    const path = ['lines', String(index)];
    if (sku.trim() === '') {
      return { kind: 'invalid-input', message: 'A line needs the sku of what to add.', path: [...path, 'sku'] };
    }
    if (sku.length > longestSku || sku.includes('\0')) {
      const message = `A sku has at most ${longestSku} characters, and no NUL among them.`;
      return { kind: 'invalid-input', message, path: [...path, 'sku'] };
    }
    if (quantity < 1) {
      const message = `A quantity is at least 1, not ${quantity}; to take a line out, use cartLinesRemove.`;
      return { kind: 'invalid-input', message, path: [...path, 'quantity'] };
    }
    const known = bySku.get(sku);
    const total = quantity + (known?.quantity ?? 0);
    if (total > maxQuantity) return tooMany(sku, [...path, 'quantity']);
    bySku.set(sku, { sku, quantity: total, path: known?.path ?? path });
  }
  if (bySku.size > maxLines) return tooManyLines();
  return { kind: 'lines', lines: [...bySku.values()] };
}

export const tooManyLines = (): LimitExceeded => ({
  kind: 'limit-exceeded',
  message: `A cart holds at most ${maxLines} different skus.`,
  limit: maxLines,
  path: ['lines'],
});

/** A change of nothing would still part the cart from checkouts that are pinned to it. */
export const noLines = (): InvalidInput => ({
  kind: 'invalid-input',
  message: 'There are no lines; name at least one.',
  path: ['lines'],
});

export const tooMany = (sku: string, path: readonly string[]): LimitExceeded => ({
  kind: 'limit-exceeded',
  message: `A cart holds at most ${maxQuantity} units of ${sku}.`,
  limit: maxQuantity,
  path,
});
