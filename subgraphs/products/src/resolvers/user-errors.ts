import type { Problem } from '../domain/catalog/problem.ts';

/** A problem in the client's words: the sentence names the field, the path leads to it in the input. */
export const invalidInput = ({ path, message }: Problem) => ({
  __typename: 'InvalidInputError' as const,
  message: `${path.join('.')} ${message}.`,
  path: ['input', ...path],
});

export const keyReused = {
  __typename: 'IdempotencyKeyReusedError' as const,
  message: 'idempotencyKey was used before with another input; use a new key for a new call.',
  path: ['input', 'idempotencyKey'],
};
