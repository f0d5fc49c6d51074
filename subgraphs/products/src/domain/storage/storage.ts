import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** More came than may be stored. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** There is no upload under this id, or no longer. */
export class MissingUploadError extends Error {
  override readonly name = 'MissingUploadError';
}

/**
 * Files of the catalog in a folder that all processes of this service share: uploads by their id, pictures by a name
 * made of their content. A file is there whole or not at all.
 */
export interface Storage {
  /** @throws TooLargeError */
  saveUpload(id: string, content: AsyncIterable<Uint8Array>, mostBytes: number): Promise<{ bytes: number }>;
  /** Chunk by chunk. @throws MissingUploadError */
  readUpload(id: string): AsyncIterable<Uint8Array>;
  removeUpload(id: string): Promise<void>;
  savePicture(key: string, content: Uint8Array): Promise<void>;
  /** Null when there is none. */
  readPicture(key: string): Promise<Buffer | null>;
  /** Folder for what can be made again. */
  readonly cacheFolder: string;
}

export function openStorage(folder: string): Storage {
  const uploads = join(folder, 'uploads');
  const media = join(folder, 'media');
  let part = 0;
  /** Written beside its place and moved there, so that nobody reads half of it. */
  const whole = async <Result>(place: string, write: (temporary: string) => Promise<Result>): Promise<Result> => {
    await mkdir(join(place, '..'), { recursive: true });
    part += 1;
    const temporary = `${place}.${process.pid}-${part}.part`;
    try {
      const result = await write(temporary);
      await rename(temporary, place);
      return result;
    } finally {
      await rm(temporary, { force: true });
    }
  };

  return {
    cacheFolder: join(folder, 'cache'),
    saveUpload: (id, content, mostBytes) =>
      whole(join(uploads, id), async (temporary) => {
        let bytes = 0;
        const counted = async function* () {
          for await (const chunk of content) {
            bytes += chunk.length;
            if (bytes > mostBytes) throw new TooLargeError(`More than ${mostBytes} bytes came.`);
            yield chunk;
          }
        };
        await pipeline(Readable.from(counted()), createWriteStream(temporary));
        return { bytes };
      }),
    readUpload: async function* (id) {
      try {
        yield* createReadStream(join(uploads, id), { highWaterMark: 256 * 1024 });
      } catch (error) {
        if (isMissing(error)) throw new MissingUploadError(`There is no upload ${id}.`, { cause: error });
        throw error;
      }
    },
    removeUpload: (id) => rm(join(uploads, id), { force: true }),
    savePicture: async (key, content) => {
      const place = join(media, key);
      if ((await stat(place).catch(() => null))?.size === content.length) return;
      await whole(place, (temporary) => writeFile(temporary, content));
    },
    readPicture: (key) => readFile(join(media, key)).catch(nullIfMissing),
  };
}

export const nullIfMissing = (error: unknown): null => {
  if (isMissing(error)) return null;
  throw error;
};

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT';
