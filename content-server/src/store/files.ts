import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { scene } from '../art/scene.ts';

const instant = z.iso.datetime();
const fields = z.record(z.string(), z.unknown());
const localized = z.record(z.string(), fields);

const entry = z.strictObject({
  /** Name within the content files; relations of other entries use it. */
  key: z.string().regex(/^[a-z0-9-]+$/),
  createdAt: instant,
  updatedAt: instant.optional(),
  /** Absent: the entry is a draft that was never published. */
  publishedAt: instant.optional(),
  /** Key of a user. */
  by: z.string().optional(),
  fields: fields.default({}),
  localizations: localized.default({}),
  /** What changed since it was published; seen in the stage DRAFT alone. */
  draft: z
    .strictObject({ updatedAt: instant, fields: fields.default({}), localizations: localized.default({}) })
    .optional(),
  /** Of an asset: the drawing. */
  scene: scene.optional(),
});

export type EntryFile = z.output<typeof entry>;

/** Reads `<folder>/<Model>.json`. @throws Error one sentence that names the file, the entry and the fault. */
export async function readEntries(folder: string, model: string): Promise<EntryFile[]> {
  const file = join(folder, `${model}.json`);
  const parsed = z.array(entry).safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is wrong: ${z.prettifyError(parsed.error)}`);
}
