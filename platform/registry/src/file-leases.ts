import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keptSchemas, type Lease, type LeaseStore, type PublishedName, readLease } from './lease.ts';

const suffix = '.json';
const schemaSuffix = '.graphql';

/** Leases in a folder, for systems of one machine: a file each, whose time of change is its last heartbeat. */
export function fileLeases(folder: string, { leaseMs }: { leaseMs: number }): LeaseStore {
  const fileOf = (id: string): string => join(folder, `${id}${suffix}`);
  const written = new Map<string, string>();
  const watchers: FSWatcher[] = [];

  const write = async (id: string, text: string): Promise<void> => {
    await writeWhole(fileOf(id), text);
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
      const names = await filesIn(folder);
      const leases = await Promise.all(
        names.filter((name) => name.endsWith(suffix)).map((name) => readFresh(join(folder, name), leaseMs)),
      );
      return leases.filter((lease) => lease !== undefined);
    },
    async publish({ subgraph, hash, sdl, at }) {
      const file = schemaFileOf(folder, { subgraph, hash });
      const ours = (await namesIn(folder)).filter((name) => name.subgraph === subgraph);
      const last = ours.find((name) => name.hash === hash);
      if (last && last.at >= at) return;
      if (!last) await writeWhole(file, sdl);
      await utimes(file, new Date(at), new Date(at));
      if (!last) ours.push({ subgraph, hash, at });
      const surplus = ours.sort((one, other) => other.at - one.at).slice(keptSchemas);
      await Promise.all(surplus.map((name) => rm(schemaFileOf(folder, name), { force: true })));
    },
    published: () => namesIn(folder),
    async sdl(name) {
      try {
        return await readFile(schemaFileOf(folder, name), 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async watch(listener) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        // A heartbeat touches its file, which is no news; what is written anew is put in its place.
        if (event === 'rename' && (name?.endsWith(suffix) || name?.endsWith(schemaSuffix))) listener();
      });
      // Without it changes are seen a little later, when the folder is read the next time.
      watcher.on('error', () => watcher.close());
      watchers.push(watcher);
    },
    async close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}

/** Whole or not at all: others read at any time. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

const schemaFileOf = (folder: string, { subgraph, hash }: Pick<PublishedName, 'subgraph' | 'hash'>): string =>
  join(folder, `${subgraph}.${hash}${schemaSuffix}`);

/** The SDLs of a folder; their files' times say when they were published. */
async function namesIn(folder: string): Promise<PublishedName[]> {
  const names = await filesIn(folder);
  const found = names
    .filter((name) => name.endsWith(schemaSuffix))
    .map(async (name): Promise<PublishedName[]> => {
      const [hash, ...subgraph] = name.slice(0, -schemaSuffix.length).split('.').reverse();
      if (!hash || subgraph.length === 0) return [];
      try {
        const { mtimeMs } = await stat(join(folder, name));
        return [{ subgraph: subgraph.reverse().join('.'), hash, at: mtimeMs }];
      } catch (error) {
        // It was one too many since the folder was read.
        if (isMissing(error)) return [];
        throw error;
      }
    });
  return (await Promise.all(found)).flat();
}

const filesIn = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });

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
