import type { InsufficientStock, InvalidInput, LimitExceeded, LineRefusal } from '../domain/outcomes.ts';

const inInput = (path: readonly string[]): string[] => ['input', ...path];

export const notFound = (message: string, path: readonly string[]) => ({
  __typename: 'NotFoundError' as const,
  message,
  path: inInput(path),
});

export const cartNotFound = () =>
  notFound('There is no such cart; it may have been ordered or have lapsed. Create a new one.', ['cartId']);

export const keyReused = () => ({
  __typename: 'IdempotencyKeyReusedError' as const,
  message: 'This idempotencyKey was used with another input; use a new key for a new call.',
  path: inInput(['idempotencyKey']),
});

export const insufficientStock = ({ sku, requested, available, path }: InsufficientStock) => ({
  __typename: 'InsufficientStockError' as const,
  message: available === 0 ? `${sku} is sold out.` : `Only ${available} of ${sku} can be had, not ${requested}.`,
  path: inInput(path),
  sku,
  requested,
  available,
});

export const limitExceeded = ({ message, limit, path }: LimitExceeded) => ({
  __typename: 'CartLimitError' as const,
  message,
  limit,
  path: inInput(path),
});

export const invalidInput = ({ message, path }: InvalidInput) => ({
  __typename: 'InvalidInputError' as const,
  message,
  path: inInput(path),
});

/** Any refusal of lines that are put in. */
export function lineRefusal(refusal: LineRefusal) {
  switch (refusal.kind) {
    case 'unknown-sku':
      return {
        __typename: 'UnknownSkuError' as const,
        message: `${refusal.sku} is not sold here.`,
        path: inInput(refusal.path),
        sku: refusal.sku,
      };
    case 'insufficient-stock':
      return insufficientStock(refusal);
    case 'limit-exceeded':
      return limitExceeded(refusal);
    case 'invalid-input':
      return invalidInput(refusal);
  }
}
