import { pictureUrl } from '../domain/media/picture-url.ts';
import type { ImageResolvers } from '../generated/graphql.ts';

export const Image: ImageResolvers = {
  url: ({ fileKey }, { transform }, { domain }) => pictureUrl(domain.shop.mediaPublicUrl, fileKey, transform ?? {}),
};
