import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLID,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  type GraphQLType,
} from 'graphql';
import type { Page } from '../query/paging.ts';
import type { Entry, Snapshot } from '../store/documents.ts';
import type { ComponentSource, RequestContext } from './context.ts';
import { DateTime, Json } from './scalars.ts';

export const required = <T extends GraphQLType>(type: T) => new GraphQLNonNull(type);
export const listOf = <T extends GraphQLType>(type: T) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));

export const enumOf = (name: string, description: string, values: readonly string[]): GraphQLEnumType =>
  new GraphQLEnumType({ name, description, values: Object.fromEntries(values.map((value) => [value, { value }])) });

export const Stage = enumOf('Stage', 'Where in its life a document is.', ['DRAFT', 'PUBLISHED']);

export const DateTimeVariation = enumOf(
  'SystemDateTimeFieldVariation',
  'Which instant of a document in a locale is meant.',
  ['BASE', 'LOCALIZATION', 'COMBINED'],
);

const stage = { type: required(Stage), description: 'The stage it was read in.' };
const id = { type: required(GraphQLID), description: 'The same in all stages and locales.' };

const typeName = (source: Entry | ComponentSource): string =>
  'component' in source ? source.component.component : source.snapshot.model;

export const Node = new GraphQLInterfaceType({
  name: 'Node',
  description: 'A document.',
  fields: { id, stage },
  resolveType: typeName,
});

export const Entity = new GraphQLInterfaceType({
  name: 'Entity',
  description: 'A document or a component.',
  fields: { id, stage },
  resolveType: typeName,
});

export const PageInfo = new GraphQLObjectType<Page<Entry>>({
  name: 'PageInfo',
  description: 'Where a page lies.',
  fields: {
    hasNextPage: { type: required(GraphQLBoolean) },
    hasPreviousPage: { type: required(GraphQLBoolean) },
    startCursor: { type: GraphQLString, resolve: ({ items }) => items.at(0)?.snapshot.id ?? null },
    endCursor: { type: GraphQLString, resolve: ({ items }) => items.at(-1)?.snapshot.id ?? null },
    pageSize: { type: GraphQLInt, description: 'Number of items on this page.', resolve: ({ items }) => items.length },
  },
});

export const Aggregate = new GraphQLObjectType<Page<Entry>>({
  name: 'Aggregate',
  description: 'Figures of all items that match.',
  fields: { count: { type: required(GraphQLInt) } },
});

export const Version = new GraphQLObjectType<Snapshot>({
  name: 'Version',
  description: 'A saved state of a document.',
  fields: {
    id,
    stage,
    revision: { type: required(GraphQLInt) },
    createdAt: { type: required(DateTime), resolve: ({ stamps }) => stamps.updatedAt },
  },
});

export const DocumentVersion = new GraphQLObjectType<Snapshot>({
  name: 'DocumentVersion',
  description: 'A saved state of a document, with its fields.',
  fields: {
    id,
    stage,
    revision: { type: required(GraphQLInt) },
    createdAt: { type: required(DateTime), resolve: ({ stamps }) => stamps.updatedAt },
    data: {
      type: Json,
      resolve: ({ base, localizations }) => ({
        ...base,
        localizations: [...localizations].map(([locale, { fields }]) => ({ locale, ...fields })),
      }),
    },
  },
});

/** A connection over entries of a type. */
export function connectionOf(name: string, node: GraphQLOutputType): GraphQLObjectType {
  const edge = new GraphQLObjectType<Entry, RequestContext>({
    name: `${name}Edge`,
    description: 'An item and its cursor.',
    fields: {
      cursor: {
        type: required(GraphQLString),
        description: 'The id of the entry.',
        resolve: ({ snapshot }) => snapshot.id,
      },
      node: { type: new GraphQLNonNull(node), resolve: (entry) => entry },
    },
  });
  return new GraphQLObjectType<Page<Entry>, RequestContext>({
    name: `${name}Connection`,
    description: 'A page of entries.',
    fields: {
      edges: { type: listOf(edge), resolve: ({ items }) => items },
      pageInfo: { type: required(PageInfo), resolve: (page) => page },
      aggregate: { type: required(Aggregate), resolve: (page) => page },
    },
  });
}
