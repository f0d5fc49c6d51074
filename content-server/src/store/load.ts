import type { ContentModel, ModelDescription } from '../model/description.ts';
import type { FieldValues, Localization, Snapshot, Stage, Stamps } from './documents.ts';
import { type Drawing, drawAll } from './drawings.ts';
import { type EntryFile, readEntries } from './files.ts';
import { idFor } from './ids.ts';
import { type FindId, readFields } from './values.ts';

export interface Content {
  snapshots: Snapshot[];
  /** Originals of assets by handle. */
  drawings: ReadonlyMap<string, Drawing>;
}

/**
 * Reads every model's file and makes the snapshots of both stages.
 * @throws Error one sentence that names the file, entry and field, also for a reference that leads nowhere.
 */
export async function loadContent(folder: string, content: ContentModel): Promise<Content> {
  const files = await Promise.all(
    content.models.map(async (model) => ({ model, entries: await readEntries(folder, model.name) })),
  );
  const known = new Set(files.flatMap(({ model, entries }) => entries.map(({ key }) => idFor(model.name, key))));
  const findId: FindId = (model, key) => {
    const id = idFor(model, key);
    if (!known.has(id)) throw new Error(`there is no ${model} named ${key}`);
    return id;
  };
  const drawings = drawAll(files.find(({ model }) => model.name === 'Asset')?.entries ?? []);
  const snapshots = files.flatMap(({ model, entries }) =>
    entries.flatMap((entry) => {
      const drawing = drawings.get(entry.key);
      return snapshotsOf(
        content,
        model,
        drawing ? { ...entry, fields: { ...entry.fields, ...drawing.fields } } : entry,
        findId,
      );
    }),
  );
  return { snapshots, drawings: new Map([...drawings.values()].map((drawing) => [drawing.fields.handle, drawing])) };
}

function snapshotsOf(content: ContentModel, model: ModelDescription, entry: EntryFile, findId: FindId): Snapshot[] {
  const draft = snapshotOf(content, model, entry, 'DRAFT', findId);
  return entry.publishedAt === undefined ? [draft] : [draft, snapshotOf(content, model, entry, 'PUBLISHED', findId)];
}

function snapshotOf(
  content: ContentModel,
  model: ModelDescription,
  entry: EntryFile,
  stage: Stage,
  findId: FindId,
): Snapshot {
  const changes = stage === 'DRAFT' ? entry.draft : undefined;
  const stamps = stampsOf(entry, stage, findId);
  const read = (given: Record<string, unknown>, localized: boolean): FieldValues =>
    readFields(
      given,
      model.fields.filter((field) => (field.localized ?? false) === localized),
      {
        content,
        findId,
        where: `${model.name} ${entry.key}`,
      },
    );
  const locales = content.locales.filter((locale) => entry.localizations[locale] ?? changes?.localizations[locale]);
  const localizations = locales.map((locale): [string, Localization] => [
    locale,
    { stamps, fields: read({ ...entry.localizations[locale], ...changes?.localizations[locale] }, true) },
  ]);
  return {
    id: idFor(model.name, entry.key),
    model: model.name,
    stage,
    revision: revisionOf(entry, stage),
    stamps,
    base: read({ ...entry.fields, ...changes?.fields }, false),
    localizations: new Map(localizations),
  };
}

/** Each saving is a revision: the first, the published one, and the change since. */
const revisionOf = (entry: EntryFile, stage: Stage): number =>
  1 + (entry.publishedAt === undefined ? 0 : 1) + (stage === 'DRAFT' && entry.draft ? 1 : 0);

function stampsOf(entry: EntryFile, stage: Stage, findId: FindId): Stamps {
  const by = entry.by === undefined ? null : findId('User', entry.by);
  const published = stage === 'PUBLISHED' ? (entry.publishedAt ?? null) : null;
  const saved = entry.updatedAt ?? entry.publishedAt ?? entry.createdAt;
  return {
    createdAt: iso(entry.createdAt),
    updatedAt: iso(stage === 'DRAFT' ? (entry.draft?.updatedAt ?? saved) : saved),
    publishedAt: published && iso(published),
    createdBy: by,
    updatedBy: by,
    publishedBy: published && by,
  };
}

/** One spelling for all instants, so that they sort as text. */
const iso = (instant: string): string => new Date(instant).toISOString();
