import { newId } from '@mercato/ids';
import { isCurrency } from '@mercato/money';
import type { CatalogImportFormat } from '../../generated/prisma/enums.ts';
import type { Problem } from '../catalog/problem.ts';
import type { ProductsDatabase } from '../database.ts';
import { toStorable } from '../storable-text.ts';
import type { Storage } from '../storage/storage.ts';
import { formatOf } from './formats.ts';
import type { ImportRecord } from './import-record.ts';
import { UnreadableFile } from './unreadable-file.ts';
import { uploadText } from './upload-text.ts';
import type { Warehouses } from './warehouses.ts';

export interface StartImport {
  readonly format: CatalogImportFormat;
  readonly currency: string;
  readonly warehouse: string | null;
  readonly data: string | null;
  readonly uploadId: string | null;
  readonly dryRun: boolean;
  /** Who asks. */
  readonly createdBy: string | null;
}

export type StartImportOutcome =
  | { readonly kind: 'queued'; readonly record: ImportRecord }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] }
  | { readonly kind: 'unreadable'; readonly message: string; readonly line: number | null; readonly path: string[] };

const mostInlineBytes = 1024 * 1024;
/** Up to here a file is checked at once, so that the caller hears of it; larger ones the run itself checks first. */
const mostCheckedBytes = 32 * 1024 * 1024;

interface StartDependencies {
  readonly database: ProductsDatabase;
  readonly storage: Storage;
  readonly warehouses: Warehouses;
}

/** Checks what is asked and the file as a whole, and puts the import down to be run. */
export async function startImport(
  { database, storage, warehouses }: StartDependencies,
  start: StartImport,
): Promise<StartImportOutcome> {
  const problem = checkStart(start) ?? (await checkWarehouse(warehouses, start));
  if (problem) return { kind: 'invalid', problems: [problem] };
  const field = start.data === null ? 'uploadId' : 'data';
  const upload = await takeUpload(database, storage, start);
  if (!upload) {
    const message = 'is none of an upload; uploads are kept for a week';
    return { kind: 'invalid', problems: [{ path: ['uploadId'], message }] };
  }
  let total: number | null = null;
  try {
    if (upload.bytes <= mostCheckedBytes) total = await formatOf(start.format).check(uploadText(storage, upload.id));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { kind: 'unreadable', message: error.message, line: error.line, path: ['input', field] };
  }
  const { format, currency, warehouse, dryRun, createdBy } = start;
  const record = await database.catalogImport.create({
    data: { id: newId('import'), format, currency, warehouse, dryRun, uploadId: upload.id, createdBy, total },
  });
  return { kind: 'queued', record };
}

function checkStart({ currency, warehouse, data, uploadId }: StartImport): Problem | null {
  if ((data === null) === (uploadId === null)) {
    return { path: ['data'], message: 'or uploadId must be given, and not both' };
  }
  if (data !== null && Buffer.byteLength(data) > mostInlineBytes) {
    const message = 'holds more than 1 MiB; send the file to POST /uploads/catalog and give the uploadId of the answer';
    return { path: ['data'], message };
  }
  if (!isCurrency(currency)) return { path: ['currency'], message: 'must be a currency of ISO 4217, such as USD' };
  if (warehouse !== null && !/^[\w-]{1,64}$/.test(warehouse)) {
    return { path: ['warehouse'], message: 'must be the code of a warehouse, such as MAIN' };
  }
  return null;
}

/** When nobody can tell, the import goes on: inventory reports opening stock that it cannot book. */
async function checkWarehouse(warehouses: Warehouses, { warehouse }: StartImport): Promise<Problem | null> {
  if (warehouse === null || (await warehouses.find(warehouse)) !== 'unknown') return null;
  const message = `must be the code of a warehouse, and there is no "${warehouse}"; leave it out to pass over the quantities`;
  return { path: ['warehouse'], message };
}

async function takeUpload(
  database: ProductsDatabase,
  storage: Storage,
  { data, uploadId, createdBy }: StartImport,
): Promise<{ id: string; bytes: number } | null> {
  if (data === null) {
    const upload = await database.catalogUpload.findUnique({ where: { id: toStorable(uploadId ?? '') } });
    return upload && { id: upload.id, bytes: Number(upload.bytes) };
  }
  return saveUpload({ database, storage }, { content: inOneChunk(data), mostBytes: mostInlineBytes, createdBy });
}

async function* inOneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/**
 * Keeps a file for an import that is to come.
 * @throws TooLargeError
 */
export async function saveUpload(
  { database, storage }: { database: ProductsDatabase; storage: Storage },
  upload: { content: AsyncIterable<Uint8Array>; mostBytes: number; createdBy: string | null },
): Promise<{ id: string; bytes: number }> {
  const id = newId('upload');
  const { bytes } = await storage.saveUpload(id, upload.content, upload.mostBytes);
  await database.catalogUpload.create({ data: { id, bytes, createdBy: upload.createdBy } });
  return { id, bytes };
}
