import { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { ContentModel } from '../model/description.ts';
import type { RequestContext } from './context.ts';
import { queryFields } from './queries.ts';
import { scalars } from './scalars.ts';
import { ModelTypes } from './types.ts';

/** The Content API of a model. It has neither `_service` nor `_entities`, and no mutations yet. */
export function buildContentSchema(content: ContentModel): GraphQLSchema {
  const types = new ModelTypes(content);
  return new GraphQLSchema({
    query: new GraphQLObjectType<undefined, RequestContext>({ name: 'Query', fields: () => queryFields(types) }),
    types: [...types.all, ...scalars],
  });
}
