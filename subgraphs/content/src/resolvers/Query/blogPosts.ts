import type { QueryResolvers } from '../../generated/graphql.ts';
import { answered } from '../answered.ts';
import { readPageArguments } from '../page-arguments.ts';
import { selects } from '../selects.ts';

export const blogPosts: QueryResolvers['blogPosts'] = (_parent, { locale, ...args }, { content }, info) => {
  const page = { ...readPageArguments(args), count: selects(info, 'totalCount') };
  return answered(content.blogPages.read(page, { locale: locale ?? 'EN' }));
};
