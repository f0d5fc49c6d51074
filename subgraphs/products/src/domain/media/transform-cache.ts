import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { nullIfMissing } from '../storage/storage.ts';

/** Made pictures on disk, the least used ones removed when they become too many. */
export interface TransformCache {
  get(name: string): Promise<Buffer | null>;
  set(name: string, content: Buffer): Promise<void>;
}

export function openTransformCache(folder: string, mostBytes = 1024 ** 3): TransformCache {
  mkdirSync(folder, { recursive: true });
  const sizes = new LRUCache<string, number>({
    maxSize: mostBytes,
    sizeCalculation: (bytes) => Math.max(bytes, 1),
    dispose: (_bytes, name, reason) => {
      // What is still being read is read to its end: the file goes when its last reader is done.
      if (reason === 'evict') rm(join(folder, name), { force: true }).catch(() => undefined);
    },
  });
  for (const name of readdirSync(folder)) {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    if (found) sizes.set(name, found.size);
  }
  return {
    async get(name) {
      const content = await readFile(join(folder, name)).catch(nullIfMissing);
      if (content) sizes.set(name, content.length);
      return content;
    },
    async set(name, content) {
      const temporary = join(folder, `${name}.${process.pid}.part`);
      await writeFile(temporary, content);
      await rename(temporary, join(folder, name));
      sizes.set(name, content.length);
    },
  };
}
