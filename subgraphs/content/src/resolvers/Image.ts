import { pictureUrl } from '../domain/images/picture.ts';
import type { ImageResolvers } from '../generated/graphql.ts';

export const Image: ImageResolvers = {
  url: (picture, { transform }) => pictureUrl(picture, transform ?? {}),
};
