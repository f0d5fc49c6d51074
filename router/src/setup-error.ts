/**
 * The router cannot start, for a reason that whoever started it can act on. `message` says what is wrong; print it alone,
 * without a stack.
 */
export class RouterSetupError extends Error {
  override readonly name: string = 'RouterSetupError';
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
