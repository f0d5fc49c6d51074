import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lease, type LeaseStore, readLease } from './lease.ts';

const suffix = '.json';

/** Leases in a folder, for systems of one machine: a file each, whose time of change is its last heartbeat. */
export function fileLeases(folder: string, { leaseMs }: { leaseMs: number }): LeaseStore {
  const fileOf = (id: string): string => join(folder, `${id}${suffix}`);
  const written = new Map<string, string>();
  let watcher: FSWatcher | undefined;

  const write = async (id: string, text: string): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Whole or not at all: others read at any time.
    const draft = join(folder, `${id}.${process.pid}.new`);
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, fileOf(id));
    written.set(id, text);
  };

  return {
    async put(lease) {
      const text = JSON.stringify(lease);
      if (written.get(lease.id) !== text) return write(lease.id, text);
      const now = new Date();
      try {
        await utimes(fileOf(lease.id), now, now);
      } catch (error) {
        if (!isMissing(error)) throw error;
        await write(lease.id, text);
      }
    },
    async remove(id) {
      written.delete(id);
      await rm(fileOf(id), { force: true });
    },
    async list() {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      const leases = await Promise.all(
        names.filter((name) => name.endsWith(suffix)).map((name) => readFresh(join(folder, name), leaseMs)),
      );
      return leases.filter((lease) => lease !== undefined);
    },
    async watch(listener) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name?.endsWith(suffix)) listener();
      });
      // Without it changes are seen a little later, when the folder is read the next time.
      watcher.on('error', () => watcher?.close());
    },
    async close() {
      watcher?.close();
    },
  };
}

async function readFresh(file: string, leaseMs: number): Promise<Lease | undefined> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > leaseMs) return undefined;
    return readLease(await readFile(file, 'utf8'));
  } catch (error) {
    // Withdrawn since the folder was read.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
