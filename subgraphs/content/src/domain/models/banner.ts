import { z } from 'zod';
import { isSafeUrl } from '../rich-text/safe-url.ts';
import type { ListModel } from './list-model.ts';
import { maybe, picture, pictureSelection, text } from './parts.ts';

const banner = z.object({
  id: z.string(),
  headline: z.string(),
  text,
  link: text.transform((link) => (link !== null && isSafeUrl(link) ? link : null)),
  image: maybe(picture),
});

export type Banner = z.output<typeof banner>;

/** What is announced in a place, in the editors' order. */
export const banners: ListModel<{ readonly placement: string }, Banner> = {
  operation: 'Banners',
  document: `query Banners($placement: String!, $stage: Stage!, $locales: [Locale!]!) {
    entries: banners(
      where: { placement: $placement }, orderBy: position_ASC, first: 20, stage: $stage, locales: $locales
    ) { id headline text link image ${pictureSelection} }
  }`,
  variables: ({ placement }) => ({ placement }),
  read: banner,
};
