import type { ProductsDatabase } from '../database.ts';
import type { Storage } from '../storage/storage.ts';

const minute = 60_000;
const week = 7 * 24 * 60 * minute;

/** Imports that were put down a while ago and wait or run; one that has its job already is not harmed by another. */
export async function waitingImports(database: ProductsDatabase): Promise<string[]> {
  const rows = await database.catalogImport.findMany({
    where: { status: { in: ['QUEUED', 'RUNNING'] }, createdAt: { lt: new Date(Date.now() - minute) } },
    select: { id: true },
    take: 100,
  });
  return rows.map(({ id }) => id);
}

/** Uploads older than a week that no import reads. */
export async function removeOldUploads({
  database,
  storage,
}: {
  database: ProductsDatabase;
  storage: Storage;
}): Promise<void> {
  const old = await database.$queryRaw<{ id: string }[]>`
    SELECT u.id FROM catalog_upload u WHERE u.created_at < ${new Date(Date.now() - week).toISOString()}::timestamptz
      AND NOT EXISTS (SELECT 1 FROM catalog_import i WHERE i.upload_id = u.id AND i.status IN ('QUEUED', 'RUNNING'))
    LIMIT 100`;
  for (const { id } of old) {
    await storage.removeUpload(id);
    await database.catalogUpload.deleteMany({ where: { id } });
  }
}
