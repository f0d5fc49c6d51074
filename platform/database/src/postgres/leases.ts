import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from './processes.ts';

/**
 * Who uses the server: one file a user in `folder`. The last to leave stops the server, so that a developer's
 * command that met a running system, or was met by one, never takes the database away from it.
 */
export function takeLease(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${process.pid}-${randomUUID()}.json`);
  writeFileSync(path, JSON.stringify(ownIdentity()));
  return { release: () => rmSync(path, { force: true }) };
}

/** True when a living process holds a lease; leases of killed processes are swept away. */
export function isLeased(folder: string): boolean {
  let leased = false;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (isAlive(readLease(path))) leased = true;
    else rmSync(path, { force: true });
  }
  return leased;
}

function readLease(path: string): ProcessIdentity {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return { pid: 0, startedAt: '' };
  }
}
