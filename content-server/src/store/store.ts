import type { ContentModel, RelationField } from '../model/description.ts';
import { isLocalized, modelNamed } from '../model/description.ts';
import { type Entry, type Locale, type Snapshot, type Stage, stringsIn, valueIn } from './documents.ts';

/** All documents, by stage. Reads see snapshots only; nothing here knows GraphQL. */
export class ContentStore {
  readonly #model: ContentModel;
  readonly #byModel = new Map<string, Snapshot[]>();
  readonly #byId = new Map<string, Snapshot>();

  constructor(model: ContentModel, snapshots: Iterable<Snapshot>) {
    this.#model = model;
    for (const snapshot of snapshots) {
      const key = `${snapshot.stage} ${snapshot.model}`;
      const list = this.#byModel.get(key);
      if (list) list.push(snapshot);
      else this.#byModel.set(key, [snapshot]);
      this.#byId.set(`${snapshot.stage} ${snapshot.id}`, snapshot);
    }
  }

  /** Entries of a model, oldest first. Those that have none of the locales are left out. */
  entries(model: string, stage: Stage, locales: readonly Locale[]): Entry[] {
    const snapshots = this.#byModel.get(`${stage} ${model}`) ?? [];
    return snapshots
      .flatMap((snapshot) => this.#read(snapshot, locales) ?? [])
      .sort(
        (a, b) =>
          compareText(a.snapshot.stamps.createdAt, b.snapshot.stamps.createdAt) ||
          compareText(a.snapshot.id, b.snapshot.id),
      );
  }

  entry(id: string, stage: Stage, locales: readonly Locale[]): Entry | null {
    const snapshot = this.#byId.get(`${stage} ${id}`);
    return snapshot ? this.#read(snapshot, locales) : null;
  }

  snapshot(id: string, stage: Stage): Snapshot | null {
    return this.#byId.get(`${stage} ${id}`) ?? null;
  }

  /** Entries a relation leads to, in the same stage and the editors' order; what is not in that stage is left out. */
  related(from: Entry, field: RelationField, ids: readonly string[], locales: readonly Locale[]): Entry[] {
    const { stage, id } = from.snapshot;
    if (field.inverseOf === undefined) return ids.flatMap((other) => this.entry(other, stage, locales) ?? []);
    const other = modelNamed(this.#model, field.to).fields.find(({ name }) => name === field.inverseOf);
    if (!other) throw new Error(`${field.to} has no field named ${field.inverseOf}.`);
    return this.entries(field.to, stage, locales).filter((entry) => stringsIn(valueIn(entry, other)).includes(id));
  }

  #read(snapshot: Snapshot, locales: readonly Locale[]): Entry | null {
    if (!isLocalized(modelNamed(this.#model, snapshot.model)))
      return { snapshot, locale: this.#model.locales[0], locales };
    const locale = locales.find((wanted) => snapshot.localizations.has(wanted));
    return locale === undefined ? null : { snapshot, locale, locales };
  }
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
