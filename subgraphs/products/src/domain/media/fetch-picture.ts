import type { ProductsDatabase } from '../database.ts';
import type { Storage } from '../storage/storage.ts';
import { guardedFetch, RefusedError } from './guarded-fetch.ts';
import { inspectPicture } from './inspect-picture.ts';

export const pictureLimits = { mostBytes: 10 * 1024 * 1024, timeoutMs: 10_000 };

export interface PictureDependencies {
  readonly database: ProductsDatabase;
  readonly storage: Storage;
  readonly allow: readonly string[];
}

/**
 * Brings the picture at an address into our storage, for all products that show it. What can never be fetched is put
 * down as failed, and the placeholder stays.
 * @param isLastAttempt whether an outage, too, is put down rather than thrown to be tried again
 */
export async function fetchPicture(
  { database, storage, allow }: PictureDependencies,
  sourceUrl: string,
  isLastAttempt: boolean,
): Promise<void> {
  if ((await database.productMedia.count({ where: { sourceUrl, state: 'PENDING' } })) === 0) return;
  try {
    const content = await guardedFetch(sourceUrl, { ...pictureLimits, allow });
    const picture = await inspectPicture(content, { isOurs: false });
    await storage.savePicture(picture.fileKey, content);
    await database.productMedia.updateMany({
      where: { sourceUrl, state: 'PENDING' },
      data: { ...picture, state: 'STORED', failure: null },
    });
  } catch (error) {
    if (!(error instanceof RefusedError || isLastAttempt)) throw error;
    const failure = error instanceof Error ? error.message : String(error);
    await database.productMedia.updateMany({
      where: { sourceUrl, state: 'PENDING' },
      data: { state: 'FAILED', failure: failure.slice(0, 500) },
    });
  }
}

/** Gives waiting pictures what was fetched from the same address for another product. */
export const adoptKnownPictures = (database: ProductsDatabase): Promise<number> => database.$executeRaw`
  UPDATE product_media m SET state = 'STORED', file_key = k.file_key, width = k.width, height = k.height, failure = NULL
  FROM (
    SELECT DISTINCT ON (source_url) source_url, file_key, width, height FROM product_media
    WHERE state = 'STORED' AND source_url IN (SELECT source_url FROM product_media WHERE state = 'PENDING')
  ) k WHERE m.state = 'PENDING' AND m.source_url = k.source_url`;

/** Addresses whose picture nobody has fetched yet. */
export async function pendingPictures(database: ProductsDatabase, most: number): Promise<string[]> {
  const rows = await database.$queryRaw<{ sourceUrl: string }[]>`
    SELECT DISTINCT source_url AS "sourceUrl" FROM product_media
    WHERE state = 'PENDING' AND source_url IS NOT NULL LIMIT ${most}`;
  return rows.map(({ sourceUrl }) => sourceUrl);
}
