import { createHash } from 'node:crypto';
import { handle, type JobHandler, type Queues } from '@mercato/queue';
import { giveUpImport } from '../domain/imports/fail-import.ts';
import { runImport } from '../domain/imports/run-import.ts';
import { removeOldUploads, waitingImports } from '../domain/imports/tend-imports.ts';
import {
  adoptKnownPictures,
  fetchPicture,
  type PictureDependencies,
  pendingPictures,
} from '../domain/media/fetch-picture.ts';
import type { SearchIndex } from '../domain/search/search-index.ts';
import { fetchPictureJob, importCatalog, importQueue, tendImports, tendPictures } from './definitions.ts';

export interface JobDependencies extends PictureDependencies {
  readonly search: SearchIndex;
  readonly queues: Queues;
}

export const importHandlers = ({ database, search, storage, queues }: JobDependencies): JobHandler[] => [
  handle(importCatalog, ({ importId }, { signal, progress }) =>
    runImport({ database, search, storage, signal, onProgress: progress }, importId).then(() =>
      queues.add(tendPictures, {}),
    ),
  ),
  handle(tendImports, async () => {
    for (const importId of await waitingImports(database)) {
      const job = await queues.find(importQueue, importId);
      if (job?.state === 'failed') await giveUpImport(database, importId);
      else await queues.add(importCatalog, { importId }, { id: importId });
    }
    await removeOldUploads({ database, storage });
  }),
];

/** Pictures that are asked for at once, and how many jobs are made for them at a time. */
const mostPictures = 500;
const hour = 3_600_000;

export const mediaHandlers = ({ queues, ...dependencies }: JobDependencies): JobHandler[] => [
  handle(fetchPictureJob, ({ sourceUrl }, { attempt }) =>
    fetchPicture(dependencies, sourceUrl, attempt >= fetchPictureJob.attempts),
  ),
  handle(tendPictures, async () => {
    await adoptKnownPictures(dependencies.database);
    const urls = await pendingPictures(dependencies.database, mostPictures);
    const now = Math.floor(Date.now() / hour);
    // The hour in the id lets a picture that waits again, because its product was changed, be asked for again.
    const entries = urls.map((sourceUrl) => ({
      job: fetchPictureJob,
      payload: { sourceUrl },
      options: { id: `${createHash('sha256').update(sourceUrl).digest('hex')}-${now}` },
    }));
    if (entries.length > 0) await queues.addMany(entries);
  }),
];
