import { z } from 'zod';
import type { ListModel } from './list-model.ts';
import { plainRichText, richTextSelection, text } from './parts.ts';

export const faqSelection = `{ id question answer ${richTextSelection} category }`;

export const faq = z.object({ id: z.string(), question: z.string(), answer: plainRichText, category: text });

export type Faq = z.output<typeof faq>;

/** Questions of a category, or all, in the editors' order. */
export const faqs: ListModel<{ readonly category: string | null }, Faq> = {
  operation: 'Faqs',
  document: `query Faqs($where: FaqWhereInput!, $stage: Stage!, $locales: [Locale!]!) {
    entries: faqs(where: $where, orderBy: position_ASC, first: 100, stage: $stage, locales: $locales) ${faqSelection}
  }`,
  variables: ({ category }) => ({ where: category === null ? {} : { category } }),
  read: faq,
};
