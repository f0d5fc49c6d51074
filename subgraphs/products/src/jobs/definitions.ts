import { defineJob } from '@mercato/queue';
import { z } from 'zod';

export const importQueue = 'products-import';
export const mediaQueue = 'products-media';

/** Runs one catalog import to its end; its id is that of the import. */
export const importCatalog = defineJob({
  queue: importQueue,
  name: 'import-catalog',
  payload: z.object({ importId: z.string() }),
});

/**
 * Gives imports a job whose own was lost between database and queue, ends those whose job was tried in vain, and removes
 * uploads nobody needs any more.
 */
export const tendImports = defineJob({ queue: importQueue, name: 'tend-imports', payload: z.object({}), attempts: 1 });

/** Brings one picture into our storage. */
export const fetchPictureJob = defineJob({
  queue: mediaQueue,
  name: 'fetch-picture',
  payload: z.object({ sourceUrl: z.string() }),
  attempts: 4,
  backoff: { type: 'exponential', delay: 2_000, jitter: 0.5 },
});

/** Gives every picture that waits a job. */
export const tendPictures = defineJob({ queue: mediaQueue, name: 'tend-pictures', payload: z.object({}), attempts: 1 });
