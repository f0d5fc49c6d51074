import { type GraphQLFieldConfigMap, GraphQLInt, GraphQLObjectType, GraphQLString, GraphQLUnionType } from 'graphql';
import { pageOf } from '../query/paging.ts';
import { toHtml, toMarkdown, toText } from '../rich-text/render.ts';
import { type RichTextDocument, referencesIn } from '../rich-text/tree.ts';
import type { Entry } from '../store/documents.ts';
import { type Arguments, listArguments, type RequestContext } from './context.ts';
import { RichTextAST } from './scalars.ts';
import { listOf, required } from './system.ts';

export interface RichTextSource {
  document: RichTextDocument;
  entry: Entry;
}

type Fields = GraphQLFieldConfigMap<RichTextSource, RequestContext>;

const forms: Fields = {
  html: { type: required(GraphQLString), resolve: ({ document }) => toHtml(document) },
  markdown: { type: required(GraphQLString), resolve: ({ document }) => toMarkdown(document) },
  text: { type: required(GraphQLString), resolve: ({ document }) => toText(document) },
};

/** Rich text of fields without embeds. */
export const RichText = new GraphQLObjectType<RichTextSource, RequestContext>({
  name: 'RichText',
  description: 'Text with structure.',
  fields: { raw: { type: required(RichTextAST), resolve: ({ document }) => document }, ...forms },
});

/** Rich text of one field with embeds, such as `BlogPostContentRichText`. */
export function embeddingRichText(name: string, embeds: readonly GraphQLObjectType[]): GraphQLObjectType {
  const union = new GraphQLUnionType({
    name: `${name}EmbeddedTypes`,
    types: [...embeds],
    resolveType: (entry: Entry) => entry.snapshot.model,
  });
  const paging = {
    skip: { type: GraphQLInt },
    after: { type: GraphQLString },
    before: { type: GraphQLString },
    first: { type: GraphQLInt },
    last: { type: GraphQLInt },
  };
  return new GraphQLObjectType<RichTextSource, RequestContext>({
    name,
    description: 'Text with structure that embeds entries.',
    fields: {
      json: { type: required(RichTextAST), resolve: ({ document }) => document },
      raw: {
        type: required(RichTextAST),
        deprecationReason: "Please use the 'json' field",
        resolve: ({ document }) => document,
      },
      ...forms,
      references: {
        type: listOf(union),
        description: 'The entries it embeds that are in the same stage.',
        args: paging,
        resolve: (source, args: Arguments, { reader }) => {
          const { stage } = source.entry.snapshot;
          const found = referencesIn(source.document).flatMap(
            ({ nodeId }) => reader.byId(nodeId, stage, source.entry.locales) ?? [],
          );
          return pageOf(found, listArguments(args), ({ snapshot }) => snapshot.id).items;
        },
      },
    },
  });
}
