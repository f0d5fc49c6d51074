import { pathToFileURL } from 'node:url';

/**
 * Runs a TypeScript program of the workspace as if Node had been started with it. It is this very process: signals,
 * a kill and the exit code need no go-between. Packages must be installed.
 */
export async function becomeProgram(path) {
  process.setSourceMapsEnabled(true);
  process.argv[1] = path;
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(path).href);
}
