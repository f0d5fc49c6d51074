import { maxQuantity } from './limits.ts';
import type { InvalidInput, LimitExceeded } from './outcomes.ts';

export interface LineInput {
  readonly sku: string;
  readonly quantity: number;
}

/** A sku that is asked for, once, with where it was first named. */
export interface RequestedLine extends LineInput {
  readonly path: readonly string[];
}

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
    if (quantity < 1) {
      const message = `A quantity is at least 1, not ${quantity}; to take a line out, use cartLinesRemove.`;
      return { kind: 'invalid-input', message, path: [...path, 'quantity'] };
    }
    const known = bySku.get(sku);
    const total = quantity + (known?.quantity ?? 0);
    if (total > maxQuantity) return tooMany(sku, [...path, 'quantity']);
    bySku.set(sku, { sku, quantity: total, path: known?.path ?? path });
  }
  return { kind: 'lines', lines: [...bySku.values()] };
}

export const tooMany = (sku: string, path: readonly string[]): LimitExceeded => ({
  kind: 'limit-exceeded',
  message: `A cart holds at most ${maxQuantity} units of ${sku}.`,
  limit: maxQuantity,
  path,
});
