import type { CheckoutClosed, InputPath, InsufficientStock, InvalidInput } from '../domain/checkout/outcomes.ts';
import type { Loaders } from '../loaders.ts';

const inInput = (path: InputPath): string[] => ['input', ...path];

export const notFound = (message: string, path: InputPath) => ({
  __typename: 'NotFoundError' as const,
  message,
  path: inInput(path),
});

export const checkoutNotFound = () =>
  notFound('There is no such checkout; open one with checkoutCreate.', ['checkoutId']);

export const invalidInput = ({ message, path }: InvalidInput) => ({
  __typename: 'InvalidInputError' as const,
  message,
  path: inInput(path),
});

export const insufficientStock = ({ sku, requested, available }: Omit<InsufficientStock, 'kind'>, path: InputPath) => ({
  __typename: 'InsufficientStockError' as const,
  message: available === 0 ? `${sku} is sold out.` : `Only ${available} of ${sku} can be had, not ${requested}.`,
  path: inInput(path),
  sku,
  requested,
  available,
});

export const keyReused = () => ({
  __typename: 'IdempotencyKeyReusedError' as const,
  message: 'This idempotencyKey was used with another input; use a new key for a new call.',
  path: inInput(['idempotencyKey']),
});

const closedBecause = {
  OPEN: 'The checkout changed meanwhile; read it again.',
  COMPLETING: 'An order is being placed from this checkout; it can no longer be changed.',
  COMPLETED: 'This checkout became an order already.',
  EXPIRED: 'This checkout lapsed; open a new one with checkoutCreate.',
} as const;

export const checkoutClosed = async ({ status, reference }: CheckoutClosed, loaders: Loaders) => ({
  __typename: 'CheckoutClosedError' as const,
  message: closedBecause[status],
  path: inInput(['checkoutId']),
  status,
  order: status === 'COMPLETED' ? await loaders.orderOfCheckout.load(reference) : null,
});
