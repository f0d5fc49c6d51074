import type { Field } from '../model/description.ts';
import type { RichTextDocument } from '../rich-text/tree.ts';

export const stages = ['DRAFT', 'PUBLISHED'] as const;
export type Stage = (typeof stages)[number];
export type Locale = string;

/** A component inside an entry. */
export interface ComponentValue {
  id: string;
  component: string;
  fields: FieldValues;
}

/** What a field holds. Relations hold ids. */
export type FieldValue =
  | null
  | string
  | number
  | boolean
  | readonly string[]
  | RichTextDocument
  | ComponentValue
  | readonly ComponentValue[];

export type FieldValues = Readonly<Record<string, FieldValue>>;

/** Instants in ISO 8601 and ids of users. */
export interface Stamps {
  createdAt: string;
  updatedAt: string;
  publishedAt: string | null;
  createdBy: string | null;
  updatedBy: string | null;
  publishedBy: string | null;
}

export interface Localization {
  stamps: Stamps;
  fields: FieldValues;
}

/** A document as it stands in one stage. Changing it in one stage leaves the other stage's snapshot alone. */
export interface Snapshot {
  id: string;
  model: string;
  stage: Stage;
  revision: number;
  stamps: Stamps;
  /** Fields that are not localized. */
  base: FieldValues;
  localizations: ReadonlyMap<Locale, Localization>;
}

/** A snapshot read in one of its locales; `locales` is the order of preference that its relations go on with. */
export interface Entry {
  snapshot: Snapshot;
  locale: Locale;
  locales: readonly Locale[];
}

export function valueIn({ snapshot, locale }: Entry, field: Field): FieldValue {
  const fields = field.localized ? snapshot.localizations.get(locale)?.fields : snapshot.base;
  return fields?.[field.name] ?? null;
}

export const isComponent = (value: FieldValue): value is ComponentValue =>
  typeof value === 'object' && value !== null && 'component' in value;

const hasComponents = (value: readonly string[] | readonly ComponentValue[]): value is readonly ComponentValue[] =>
  value.every((item: string | ComponentValue) => typeof item !== 'string');

const isList = (value: FieldValue): value is readonly string[] | readonly ComponentValue[] => Array.isArray(value);

export const componentsIn = (value: FieldValue): readonly ComponentValue[] => {
  if (isComponent(value)) return [value];
  return isList(value) && hasComponents(value) ? value : [];
};

/** Ids that a relation holds, or strings of a field of several strings. */
export const stringsIn = (value: FieldValue): readonly string[] => {
  if (typeof value === 'string') return [value];
  return isList(value) && !hasComponents(value) ? value : [];
};
