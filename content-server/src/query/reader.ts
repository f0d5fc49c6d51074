import { type ContentModel, modelNamed, type RelationField } from '../model/description.ts';
import type { Entry, Locale, Stage } from '../store/documents.ts';
import type { ContentStore } from '../store/store.ts';
import type { Access } from '../tokens.ts';
import { Filter, isWhere, type Where } from './filter.ts';
import { inOrder } from './order.ts';
import { type Page, type PageArguments, pageOf } from './paging.ts';

export interface ListArguments extends PageArguments {
  where?: Where | null;
  orderBy?: string | null;
}

/** Reads content for one request: everything that is read passes its permissions here. */
export class Reader {
  readonly store: ContentStore;
  readonly filter: Filter;
  readonly #content: ContentModel;
  readonly #access: Access;

  constructor(content: ContentModel, store: ContentStore, access: Access) {
    this.store = store;
    this.filter = new Filter(content, store);
    this.#content = content;
    this.#access = access;
  }

  list(model: string, stage: Stage, locales: readonly Locale[], given: ListArguments): Page<Entry> {
    this.#access.demandRead(model, stage);
    return this.#page(this.store.entries(model, stage, locales), model, given);
  }

  /** The entry that has all the given unique values, or null. */
  one(model: string, stage: Stage, locales: readonly Locale[], where: Where): Entry | null {
    this.#access.demandRead(model, stage);
    const found = this.store.entries(model, stage, locales).find((entry) => this.filter.matches(entry, where));
    return found ?? null;
  }

  byId(id: string, stage: Stage, locales: readonly Locale[]): Entry | null {
    const entry = this.store.entry(id, stage, locales);
    if (entry) this.#access.demandRead(entry.snapshot.model, stage);
    return entry;
  }

  related(
    from: Entry,
    field: RelationField,
    ids: readonly string[],
    locales: readonly Locale[],
    given: ListArguments,
  ): Page<Entry> {
    this.#access.demandRead(field.to, from.snapshot.stage);
    return this.#page(this.store.related(from, field, ids, locales), field.to, given);
  }

  relatedOne(
    from: Entry,
    field: RelationField,
    ids: readonly string[],
    locales: readonly Locale[],
    where: unknown,
  ): Entry | null {
    this.#access.demandRead(field.to, from.snapshot.stage);
    const [other] = this.store.related(from, field, ids, locales);
    if (!other) return null;
    return isWhere(where) && !this.filter.matches(other, where) ? null : other;
  }

  #page(entries: readonly Entry[], model: string, { where, orderBy, ...page }: ListArguments): Page<Entry> {
    const matching = where ? entries.filter((entry) => this.filter.matches(entry, where)) : entries;
    const sorted = inOrder(matching, modelNamed(this.#content, model).fields, orderBy ?? null);
    return pageOf(sorted, page, (entry) => entry.snapshot.id);
  }
}
