/** A content model, described once; the schema, the filters and the reading of files all follow from it. */

export type ScalarKind = 'string' | 'int' | 'float' | 'boolean' | 'dateTime';

interface Named {
  name: string;
  description: string;
  /** Whether each localization has its own value. */
  localized?: boolean;
}

export interface ScalarField extends Named {
  kind: ScalarKind;
  required?: boolean;
  /** Usable in `where` of a single entry; such a field is never localized. */
  unique?: boolean;
}

/** Several strings in one field. */
export interface StringsField extends Named {
  kind: 'strings';
}

export interface EnumerationField extends Named {
  kind: 'enumeration';
  enumeration: EnumerationDescription;
}

export interface RichTextField extends Named {
  kind: 'richText';
  /** Models that editors may embed; the field gets a type of its own then. */
  embeds?: readonly string[];
}

export interface RelationField extends Named {
  kind: 'relation';
  to: string;
  list: boolean;
  /** The field of the other model that holds this relation; nothing is stored on this side then. */
  inverseOf?: string;
}

export interface ComponentField extends Named {
  kind: 'component';
  component: string;
  list: boolean;
}

export type Field = ScalarField | StringsField | EnumerationField | RichTextField | RelationField | ComponentField;

export interface EnumerationDescription {
  name: string;
  description: string;
  values: readonly string[];
}

export interface ModelDescription {
  name: string;
  /** API id of the list query, such as `blogPosts`. */
  plural: string;
  description: string;
  fields: readonly Field[];
}

export interface ComponentDescription {
  name: string;
  plural: string;
  description: string;
  fields: readonly Field[];
}

export interface ContentModel {
  /** The first is the project's default. */
  locales: readonly [string, ...string[]];
  models: readonly ModelDescription[];
  components: readonly ComponentDescription[];
}

/** API id of the query of one entry, such as `blogPost`. */
export const singularOf = (model: ModelDescription): string => model.name.charAt(0).toLowerCase() + model.name.slice(1);

export const isLocalized = (model: ModelDescription): boolean => model.fields.some((field) => field.localized);

export function modelNamed(content: ContentModel, name: string): ModelDescription {
  const found = content.models.find((model) => model.name === name);
  if (!found) throw new Error(`The content model has no model named ${name}.`);
  return found;
}

export function componentNamed(content: ContentModel, name: string): ComponentDescription {
  const found = content.components.find((component) => component.name === name);
  if (!found) throw new Error(`The content model has no component named ${name}.`);
  return found;
}
