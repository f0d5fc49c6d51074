import { GraphQLBoolean, type GraphQLFieldConfig, type GraphQLFieldConfigMap, GraphQLID, GraphQLInt } from 'graphql';
import { isLocalized, type ModelDescription, type RelationField } from '../model/description.ts';
import { type Entry, type Locale, type Stage, type Stamps, stages } from '../store/documents.ts';
import { type Arguments, localesBelow, type RequestContext, stringsFrom } from './context.ts';
import { DateTime } from './scalars.ts';
import { DateTimeVariation, listOf, required, Stage as StageEnum, Version } from './system.ts';
import type { ModelTypes } from './types.ts';

type FieldOf = GraphQLFieldConfig<Entry, RequestContext, Arguments>;

/** The fields that every model has. */
export function entrySystemFields(
  types: ModelTypes,
  model: ModelDescription,
): GraphQLFieldConfigMap<Entry, RequestContext> {
  return {
    id: { type: required(GraphQLID), resolve: ({ snapshot }) => snapshot.id },
    stage: { type: required(StageEnum), resolve: ({ snapshot }) => snapshot.stage },
    createdAt: instant('createdAt', true),
    updatedAt: instant('updatedAt', true),
    publishedAt: instant('publishedAt', false),
    createdBy: user(types, 'createdBy'),
    updatedBy: user(types, 'updatedBy'),
    publishedBy: user(types, 'publishedBy'),
    documentInStages: documentInStages(types, model),
    history,
    ...(isLocalized(model)
      ? { locale: { type: required(types.locale) }, localizations: localizations(types, model) }
      : {}),
  };
}

/** BASE is the document's own instant, LOCALIZATION that of the locale it is read in, COMBINED the later of both. */
const instant = (name: 'createdAt' | 'updatedAt' | 'publishedAt', mandatory: boolean): FieldOf => ({
  type: mandatory ? required(DateTime) : DateTime,
  args: { variation: { type: required(DateTimeVariation), defaultValue: 'COMBINED' } },
  resolve: ({ snapshot, locale }, { variation }) => {
    const base = snapshot.stamps[name];
    const localized = snapshot.localizations.get(locale)?.stamps[name] ?? base;
    if (variation === 'BASE') return base;
    if (variation === 'LOCALIZATION') return localized;
    return (localized ?? '') > (base ?? '') ? localized : base;
  },
});

const user = (types: ModelTypes, name: keyof Stamps & `${string}By`): FieldOf => ({
  type: types.object('User'),
  args: { forceParentLocale: { type: GraphQLBoolean } },
  resolve: (entry, args, { reader }) => {
    const id = entry.snapshot.stamps[name];
    const field: RelationField = { kind: 'relation', name, to: 'User', list: false, description: '' };
    return id === null ? null : reader.relatedOne(entry, field, [id], localesBelow(entry, args), null);
  },
});

const localizations = (types: ModelTypes, model: ModelDescription): FieldOf => ({
  type: listOf(types.object(model.name)),
  description: 'This document in its other languages.',
  args: {
    locales: { type: listOf(types.locale), defaultValue: types.content.locales },
    includeCurrent: { type: required(GraphQLBoolean), defaultValue: false },
  },
  resolve: (entry, { locales, includeCurrent }, { reader }) => {
    const { id, stage } = entry.snapshot;
    return (stringsFrom(locales) ?? [])
      .filter((locale) => includeCurrent === true || locale !== entry.locale)
      .flatMap((locale) => reader.byId(id, stage, [locale]) ?? []);
  },
});

const isStageIn = (value: unknown, stage: Stage): boolean => Array.isArray(value) && value.includes(stage);

const documentInStages = (types: ModelTypes, model: ModelDescription): FieldOf => ({
  type: listOf(types.object(model.name)),
  description: 'This document in its other stages.',
  args: {
    stages: { type: listOf(StageEnum), defaultValue: stages },
    includeCurrent: { type: required(GraphQLBoolean), defaultValue: false },
    inheritLocale: {
      type: required(GraphQLBoolean),
      defaultValue: false,
      description: "Only this document's own language, instead of the order it was asked with.",
    },
  },
  resolve: (entry, { stages: wanted, includeCurrent, inheritLocale }, { reader }) => {
    const locales: readonly Locale[] = inheritLocale === true ? [entry.locale] : entry.locales;
    return stages
      .filter((stage) => isStageIn(wanted, stage) && (includeCurrent === true || stage !== entry.snapshot.stage))
      .flatMap((stage) => reader.byId(entry.snapshot.id, stage, locales) ?? []);
  },
});

/** Newest first. The content files keep the last saving of each stage, so a stage has one version here. */
const history: FieldOf = {
  type: listOf(Version),
  description: 'Saved states of this document in a stage.',
  args: {
    limit: { type: required(GraphQLInt), defaultValue: 10 },
    skip: { type: required(GraphQLInt), defaultValue: 0 },
    stageOverride: { type: StageEnum },
  },
  resolve: ({ snapshot }, { limit, skip, stageOverride }, { reader }) => {
    const stage = stages.find((candidate) => candidate === stageOverride) ?? snapshot.stage;
    const versions = [reader.store.snapshot(snapshot.id, stage)].filter((version) => version !== null);
    return versions.slice(Number(skip), Number(skip) + Number(limit));
  },
};
