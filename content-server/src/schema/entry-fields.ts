import {
  type GraphQLArgumentConfig,
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';
import { type ComponentField, type Field, modelNamed, type RelationField } from '../model/description.ts';
import { isWhere } from '../query/filter.ts';
import { pageOf } from '../query/paging.ts';
import type { RichTextDocument } from '../rich-text/tree.ts';
import {
  type ComponentValue,
  componentsIn,
  type Entry,
  type FieldValue,
  stringsIn,
  valueIn,
} from '../store/documents.ts';
import { type Arguments, type ComponentSource, listArguments, localesBelow, type RequestContext } from './context.ts';
import type { RichTextSource } from './rich-text.ts';
import { listOf, required } from './system.ts';
import type { ModelTypes } from './types.ts';

type Source = Entry | ComponentSource;
type FieldOf = GraphQLFieldConfig<Source, RequestContext, Arguments>;

const entryOf = (source: Source): Entry => ('component' in source ? source.entry : source);

const read = (source: Source, field: Field): FieldValue =>
  'component' in source ? (source.component.fields[field.name] ?? null) : valueIn(source, field);

export const pagingArguments: GraphQLFieldConfigArgumentMap = {
  skip: { type: GraphQLInt },
  after: { type: GraphQLString },
  before: { type: GraphQLString },
  first: { type: GraphQLInt },
  last: { type: GraphQLInt },
};

/** The fields that the model describes, of a model or a component. */
export const modelFields = (
  types: ModelTypes,
  owner: { name: string; fields: readonly Field[] },
): GraphQLFieldConfigMap<Source, RequestContext> =>
  Object.fromEntries(owner.fields.map((field) => [field.name, fieldOf(types, owner.name, field)]));

function fieldOf(types: ModelTypes, owner: string, field: Field): FieldOf {
  switch (field.kind) {
    case 'strings':
      return {
        type: listOf(GraphQLString),
        description: field.description,
        resolve: (source) => stringsIn(read(source, field)),
      };
    case 'richText':
      return {
        type: types.richText(owner, field),
        description: field.description,
        resolve: (source) => richText(source, field),
      };
    case 'relation':
      return field.list ? toMany(types, field) : toOne(types, field);
    case 'component':
      return field.list ? components(types, field) : component(types, field);
    default: {
      const type = types.scalar(field);
      const mandatory = 'required' in field && field.required;
      return {
        type: mandatory ? required(type) : type,
        description: field.description,
        resolve: (source) => read(source, field),
      };
    }
  }
}

const isRichText = (value: FieldValue): value is RichTextDocument =>
  typeof value === 'object' && value !== null && 'children' in value;

function richText(source: Source, field: Field): RichTextSource | null {
  const value = read(source, field);
  return isRichText(value) ? { document: value, entry: entryOf(source) } : null;
}

const localesArgument = (types: ModelTypes): GraphQLArgumentConfig => ({
  type: new GraphQLList(new GraphQLNonNull(types.locale)),
  description: 'Languages of this subtree, in order of preference.',
});

const subtreeArguments = (types: ModelTypes): GraphQLFieldConfigArgumentMap => ({
  locales: localesArgument(types),
  forceParentLocale: { type: GraphQLBoolean, description: "The parent's language is the only one of this subtree." },
});

const toMany = (types: ModelTypes, field: RelationField): FieldOf => ({
  type: listOf(types.object(field.to)),
  description: field.description,
  args: {
    where: { type: types.inputs.where(field.to) },
    orderBy: { type: types.orderBy(modelNamed(types.content, field.to)) },
    ...pagingArguments,
    ...subtreeArguments(types),
  },
  resolve: (source, args, { reader }) => {
    const entry = entryOf(source);
    return reader.related(entry, field, stringsIn(read(source, field)), localesBelow(entry, args), listArguments(args))
      .items;
  },
});

const toOne = (types: ModelTypes, field: RelationField): FieldOf => ({
  type: types.object(field.to),
  description: field.description,
  args: { where: { type: types.inputs.where(field.to, 'SingleRelationWhere') }, ...subtreeArguments(types) },
  resolve: (source, args, { reader }) => {
    const entry = entryOf(source);
    return reader.relatedOne(entry, field, stringsIn(read(source, field)), localesBelow(entry, args), args.where);
  },
});

/** A component's own relations go on with the locales of its entry, or those given here. */
const below = (source: Source, args: Arguments, value: ComponentValue): ComponentSource => {
  const entry = entryOf(source);
  return { component: value, entry: { ...entry, locales: localesBelow(entry, args) } };
};

const component = (types: ModelTypes, field: ComponentField): FieldOf => ({
  type: types.object(field.component),
  description: field.description,
  args: {
    where: { type: types.inputs.where(field.component, 'SingleRelationWhere') },
    locales: localesArgument(types),
  },
  resolve: (source, args, { reader }) => {
    const [value] = componentsIn(read(source, field));
    if (!value || (isWhere(args.where) && !reader.filter.matchesComponent(value, entryOf(source), args.where)))
      return null;
    return below(source, args, value);
  },
});

const components = (types: ModelTypes, field: ComponentField): FieldOf => ({
  type: listOf(types.object(field.component)),
  description: field.description,
  args: { where: { type: types.inputs.where(field.component) }, ...pagingArguments, locales: localesArgument(types) },
  resolve: (source, args, { reader }) => {
    const { where, ...page } = listArguments(args);
    const entry = entryOf(source);
    const values = componentsIn(read(source, field)).filter(
      (value) => !where || reader.filter.matchesComponent(value, entry, where),
    );
    return pageOf(values, page, ({ id }) => id).items.map((value) => below(source, args, value));
  },
});
