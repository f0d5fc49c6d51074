import type { MediaResolvers } from '../generated/graphql.ts';

export const Media: MediaResolvers = {
  // Films are not sold pictures of yet; the interface leaves the place for them.
  __resolveType: () => 'Image',
};
