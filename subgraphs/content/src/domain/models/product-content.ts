import { z } from 'zod';
import type { EntryModel } from './entry-model.ts';
import { faq, faqSelection } from './faq.ts';
import {
  locale,
  maybe,
  picture,
  pictureSelection,
  plainRichText,
  richTextSelection,
  seo,
  seoSelection,
  text,
} from './parts.ts';

const productContent = z.object({
  handle: z.string(),
  locale,
  headline: text,
  body: maybe(plainRichText),
  gallery: z.array(picture),
  // A question that nobody has answered yet is not shown.
  faqs: z.array(maybe(faq).catch(null)).transform((all) => all.filter((one) => one !== null)),
  seo: maybe(seo),
});

export type ProductContent = z.output<typeof productContent>;

/** What editors wrote about a product, by its handle in the catalog. */
export const productContents: EntryModel<ProductContent> = {
  operation: 'ProductContents',
  plural: 'productContents',
  key: 'handle',
  selection: `{
    handle locale headline body ${richTextSelection}
    gallery(first: 20) ${pictureSelection}
    faqs(first: 20) ${faqSelection}
    seo ${seoSelection}
  }`,
  read: productContent,
};
