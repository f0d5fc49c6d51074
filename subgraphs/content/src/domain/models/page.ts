import { z } from 'zod';
import type { EntryModel } from './entry-model.ts';
import { locale, maybe, plainRichText, richTextSelection, seo, seoSelection } from './parts.ts';

const page = z.object({
  id: z.string(),
  slug: z.string(),
  locale,
  title: z.string(),
  body: maybe(plainRichText),
  seo: maybe(seo),
});

export type Page = z.output<typeof page>;

/** Pages of the shop, such as its terms. */
export const pages: EntryModel<Page> = {
  operation: 'Pages',
  plural: 'pages',
  key: 'slug',
  selection: `{ id slug locale title body ${richTextSelection} seo ${seoSelection} }`,
  read: page,
};
