import { lostRace } from '../catalog/create-product.ts';
import type { ProductsDatabase, Transaction } from '../database.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { toStorable } from '../storable-text.ts';
import type { Storage } from '../storage/storage.ts';
import { failImport, takeUpImport } from './fail-import.ts';
import { formatOf } from './formats.ts';
import type { ImportRecord } from './import-record.ts';
import type { FileRecord, RowError } from './imported-product.ts';
import { type BatchResult, settleBatch } from './settle-batch.ts';
import { UnreadableFile } from './unreadable-file.ts';
import { uploadText } from './upload-text.ts';

export interface RunImport {
  readonly database: ProductsDatabase;
  readonly search: SearchIndex;
  readonly storage: Storage;
  /** Stops between two batches; the run can be taken up again. */
  readonly signal: AbortSignal;
  onProgress(progress: { processed: number; total: number }): Promise<void>;
}

/** Rows and products that are settled in one transaction. */
const batchRows = 1_000;
const batchProducts = 250;
/** How often a batch is tried when others write the same products meanwhile. */
const attempts = 5;

/**
 * Runs an import to its end. A run that was cut off is taken up behind the last batch that was settled: batch and
 * progress are one transaction, so that the outcome is that of one run. One that failed is tried again: its job is only
 * given to it anew when somebody wants that.
 */
export async function runImport(run: RunImport, importId: string): Promise<void> {
  const record = await run.database.catalogImport.findUnique({ where: { id: importId } });
  if (!record || record.status === 'COMPLETED') return;
  try {
    await carryOut(run, record);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    await failImport(run.database, importId, error);
  }
}

async function carryOut(run: RunImport, record: ImportRecord): Promise<void> {
  const { id: importId } = record;
  const format = formatOf(record.format);
  const text = () => uploadText(run.storage, record.uploadId);
  // Read from end to end before anything is changed.
  const total = record.total ?? (await format.check(text()));
  await takeUpImport(run.database, importId, total);

  const fileSkus = new Map<string, string>();
  let settled = record.settledLine;
  let processed = record.processed;
  for await (const batch of batches(format.read(text(), record))) {
    run.signal.throwIfAborted();
    const fresh = batch.filter(({ lines }) => (lines.at(-1) ?? 0) > settled);
    if (fresh.length === 0) continue;
    settled = await settle(run, record, fresh, fileSkus, settled);
    processed += fresh.reduce((sum, { lines }) => sum + lines.length, 0);
    await run.onProgress({ processed, total });
  }
  await run.database.catalogImport.update({
    where: { id: importId },
    data: { status: 'COMPLETED', finishedAt: new Date() },
  });
}

async function* batches(records: AsyncIterable<FileRecord>): AsyncGenerator<FileRecord[]> {
  let batch: FileRecord[] = [];
  let rows = 0;
  for await (const record of records) {
    batch.push(record);
    rows += record.lines.length;
    if (rows < batchRows && batch.length < batchProducts) continue;
    yield batch;
    batch = [];
    rows = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Settles a batch and the import's progress together; gives the line up to which all is settled. */
async function settle(
  { database, search }: RunImport,
  record: ImportRecord,
  batch: readonly FileRecord[],
  fileSkus: Map<string, string>,
  settledLine: number,
): Promise<number> {
  const lastLine = batch.at(-1)?.lines.at(-1) ?? settledLine;
  const { id, warehouse, dryRun } = record;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await database.$transaction(
        async (tx) => {
          await claim(tx, id, settledLine);
          const known = new Map(fileSkus);
          const result = await settleBatch(tx, search, batch, known, { warehouse, reference: id, dryRun });
          await saveProgress(tx, id, batch, result, lastLine);
          for (const [sku, handle] of known) fileSkus.set(sku, handle);
        },
        { timeout: 60_000, maxWait: 20_000 },
      );
      return lastLine;
    } catch (error) {
      // Somebody took a handle or a sku since it was read: read again, and it is known.
      if (!lostRace(error) || attempt === attempts) throw error;
    }
  }
}

/** Two workers never settle the same batch: the one that comes late finds the line moved on. */
async function claim(tx: Transaction, importId: string, settledLine: number): Promise<void> {
  const [current] = await tx.$queryRaw<{ settledLine: number }[]>`
    SELECT settled_line AS "settledLine" FROM catalog_import WHERE id = ${importId} FOR UPDATE`;
  if (current?.settledLine !== settledLine) throw new Error(`Another worker goes on with import ${importId}.`);
}

async function saveProgress(
  tx: Transaction,
  importId: string,
  batch: readonly FileRecord[],
  { created, updated, rejected, errors }: BatchResult,
  lastLine: number,
): Promise<void> {
  await tx.catalogImportError.createMany({ data: numbered(importId, errors) });
  await tx.catalogImport.update({
    where: { id: importId },
    data: {
      processed: { increment: batch.reduce((sum, { lines }) => sum + lines.length, 0) },
      created: { increment: created },
      updated: { increment: updated },
      rejected: { increment: rejected },
      settledLine: lastLine,
    },
  });
}

const longestValue = 200;

function numbered(importId: string, errors: readonly RowError[]) {
  const counts = new Map<number, number>();
  return errors.map(({ line, column, message, value }) => {
    const number = counts.get(line) ?? 0;
    counts.set(line, number + 1);
    return {
      importId,
      line,
      number,
      column: column === null ? null : toStorable(column),
      message: toStorable(message),
      value: value === null ? null : toStorable([...value].slice(0, longestValue).join('')),
    };
  });
}
