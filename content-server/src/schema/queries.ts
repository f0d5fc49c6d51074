import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
} from 'graphql';
import { badInput } from '../errors.ts';
import { type ModelDescription, singularOf } from '../model/description.ts';
import { isWhere } from '../query/filter.ts';
import { stages } from '../store/documents.ts';
import { type Arguments, listArguments, localesFor, type RequestContext, stageFor } from './context.ts';
import { pagingArguments } from './entry-fields.ts';
import { DocumentVersion, Entity, enumOf, listOf, Node, required, Stage } from './system.ts';
import type { ModelTypes } from './types.ts';

type Root = GraphQLFieldConfig<undefined, RequestContext, Arguments>;

/** Every root field: four of each model, and those that find an entry of any model. */
export function queryFields(types: ModelTypes): GraphQLFieldConfigMap<undefined, RequestContext> {
  const version = new GraphQLInputObjectType({
    name: 'VersionWhereInput',
    fields: {
      id: { type: required(GraphQLID) },
      stage: { type: required(Stage) },
      revision: { type: required(GraphQLInt) },
    },
  });
  const ofModels = types.content.models.map((model) => fieldsOf(types, model, version));
  return Object.assign({ node: node(types), entities: entities(types) }, ...ofModels);
}

const stageAndLocales = (types: ModelTypes): GraphQLFieldConfigArgumentMap => ({
  stage: { type: required(Stage), defaultValue: 'PUBLISHED' },
  locales: {
    type: listOf(types.locale),
    defaultValue: [types.content.locales[0]],
    description: 'Languages in order of preference; entries that have none of them are left out.',
  },
});

function fieldsOf(types: ModelTypes, model: ModelDescription, version: GraphQLInputObjectType): Record<string, Root> {
  const object = types.object(model.name);
  const listArgs = {
    where: { type: types.inputs.where(model.name) },
    orderBy: { type: types.orderBy(model) },
    ...pagingArguments,
    ...stageAndLocales(types),
  };
  const page = (...[, args, context, info]: Parameters<NonNullable<Root['resolve']>>) =>
    context.reader.list(
      model.name,
      stageFor(args, context, info),
      localesFor(args, context, info),
      listArguments(args),
    );
  return {
    [model.plural]: { type: listOf(object), args: listArgs, resolve: (...call) => page(...call).items },
    [`${model.plural}Connection`]: { type: required(types.connection(model.name)), args: listArgs, resolve: page },
    [singularOf(model)]: {
      type: object,
      args: { where: { type: required(types.inputs.unique(model)) }, ...stageAndLocales(types) },
      resolve: (_root, args, context, info) => {
        const where = isWhere(args.where) ? args.where : {};
        if (Object.keys(where).length === 0) throw badInput('where: needs the id or a unique field');
        return context.reader.one(model.name, stageFor(args, context, info), localesFor(args, context, info), where);
      },
    },
    [`${singularOf(model)}Version`]: {
      type: DocumentVersion,
      args: { where: { type: required(version) } },
      resolve: (_root, { where }, { reader }) => {
        const { id, stage, revision } = isWhere(where) ? where : {};
        const wanted = stages.find((candidate) => candidate === stage);
        const entry = wanted && reader.byId(String(id), wanted, types.content.locales);
        return entry?.snapshot.model === model.name && entry.snapshot.revision === revision ? entry.snapshot : null;
      },
    },
  };
}

const node = (types: ModelTypes): Root => ({
  type: Node,
  args: { id: { type: required(GraphQLID) }, ...stageAndLocales(types) },
  resolve: (_root, args, context, info) =>
    context.reader.byId(String(args.id), stageFor(args, context, info), localesFor(args, context, info)),
});

/** Entries of several models at once, in the order asked for; those that are not found are left out (inferred). */
function entities(types: ModelTypes): Root {
  const typeNames = enumOf(
    'EntityTypeName',
    'Models whose entries can be asked for.',
    types.content.models.map(({ name }) => name),
  );
  const where = new GraphQLInputObjectType({
    name: 'EntityWhereInput',
    fields: {
      id: { type: required(GraphQLID) },
      stage: { type: required(Stage) },
      typename: { type: required(typeNames) },
      locale: { type: types.locale },
    },
  });
  return {
    type: listOf(Entity),
    args: { where: { type: listOf(where) }, locales: { type: new GraphQLList(new GraphQLNonNull(types.locale)) } },
    resolve: (_root, args, context, info) =>
      (Array.isArray(args.where) ? args.where : []).filter(isWhere).flatMap(({ id, stage, typename, locale }) => {
        const wanted = stages.find((candidate) => candidate === stage);
        const locales = typeof locale === 'string' ? [locale] : localesFor(args, context, info);
        const entry = wanted ? context.reader.byId(String(id), wanted, locales) : null;
        return entry && entry.snapshot.model === typename ? [entry] : [];
      }),
  };
}
