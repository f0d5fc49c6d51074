/**
 * The database cannot be brought up or brought up to date, for a reason the person who started us can act on.
 * `message` is one sentence that says what is wrong and what to do; print it alone, without a stack.
 */
export class DatabaseSetupError extends Error {
  override readonly name = 'DatabaseSetupError';
}

/** The `code` of a Node or Postgres error (`ENOENT`, `3D000`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What an error says; a connection refused on every address has its message only inside. */
export function errorMessage(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorMessage).join('; ');
  return error instanceof Error ? error.message : String(error);
}
