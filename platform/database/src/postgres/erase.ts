import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSetupError } from '../errors.ts';
import { withFileLock } from './file-lock.ts';
import { locationOf } from './home.ts';
import { isLeased } from './leases.ts';
import { findServer, stopServer } from './server.ts';

/**
 * Stops the server that a killed process left in this data folder, and deletes the folder with all its databases,
 * wherever they are kept. Fine when there is none.
 * @throws DatabaseSetupError when a living process uses it
 */
export async function erasePostgres(dataDir: string): Promise<void> {
  const folder = resolve(dataDir);
  if (!existsSync(folder)) return;
  await withFileLock(join(folder, 'lock'), async () => {
    if (existsSync(join(folder, 'leases')) && isLeased(join(folder, 'leases'))) {
      throw new DatabaseSetupError(`The databases in ${folder} are in use by another process: stop it first.`);
    }
    const location = locationOf(folder);
    const server = findServer(join(location, 'cluster'));
    if (server) await stopServer(server);
    rmSync(location, { recursive: true, force: true });
  });
  rmSync(folder, { recursive: true, force: true });
}
