import { hasScopes } from '@mercato/auth';
import type { CatalogImportResolvers } from '../generated/graphql.ts';

export const CatalogImport: CatalogImportResolvers = {
  __resolveReference: ({ id }, { domain, viewer }) =>
    hasScopes(viewer, [['catalog:read'], ['catalog:write']]) ? domain.findImport(id) : null,
  progress: ({ processed, total }) => ({ processed, total }),
  errors: ({ id }, args, { domain }) => domain.listImportErrors(id, args),
};
