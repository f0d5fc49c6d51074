import type { QueryResolvers } from '../../generated/graphql.ts';

export const catalogImport: QueryResolvers['catalogImport'] = (_parent, { id }, { domain }) => domain.findImport(id);
