import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';
import { errorSentence, LaunchError } from './launch-error.ts';

/**
 * Makes the data folder, or says why it cannot be used.
 * @throws LaunchError
 */
export function prepareDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new LaunchError(
      `The data folder ${folder} cannot be written (${errorSentence(error)}): make it writable, or choose another with --data-dir.`,
    );
  }
}

/** Throws away everything in it. Nothing may be using it any more. */
export const eraseDataFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });
