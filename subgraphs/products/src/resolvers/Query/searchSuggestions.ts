import { GraphQLError } from 'graphql';
import type { QueryResolvers } from '../../generated/graphql.ts';

const most = 20;

export const searchSuggestions: QueryResolvers['searchSuggestions'] = (_parent, { prefix, first }, { domain }) => {
  const wanted = first ?? 8;
  if (wanted < 0 || wanted > most) {
    throw new GraphQLError(`first must be from 0 to ${most}, not ${wanted}.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return domain.search.suggest(prefix, wanted);
};
