import type { InvalidInput } from '../domain/input-check.ts';

const input = (path: readonly string[]) => ['input', ...path];

export const invalidInput = ({ message, path }: InvalidInput) => ({
  __typename: 'InvalidInputError' as const,
  message,
  path: input(path),
});

export const notFound = (message: string, ...path: string[]) => ({
  __typename: 'NotFoundError' as const,
  message,
  path: input(path),
});

export const unknownWarehouse = (code: string, field = 'warehouse') =>
  notFound(`No warehouse has the code ${JSON.stringify(code)}; see \`warehouses\` for those there are.`, field);

export const keyReused = () => ({
  __typename: 'IdempotencyKeyReusedError' as const,
  message: 'This idempotency key came with another input before; use a new key for a new call.',
  path: input(['idempotencyKey']),
});

interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

/** @param lines the call's lines, to name the one that is short; none when the call has a single sku */
export function insufficientStock({ sku, requested, available }: Shortage, lines?: readonly { sku: string }[]) {
  const index = lines?.findIndex((line) => line.sku === sku) ?? -1;
  return {
    __typename: 'InsufficientStockError' as const,
    message: `Of ${sku}, ${requested} were asked for and ${available} can be had.`,
    path: input(index >= 0 ? ['lines', String(index), 'quantity'] : []),
    sku,
    requested,
    available,
  };
}
