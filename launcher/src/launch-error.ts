/** Why the start is given up, in one sentence for whoever typed the command. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

export const errorSentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
