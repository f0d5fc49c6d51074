import { z } from 'zod';
import type { Picture } from '../images/picture.ts';
import { type ContentLocale, contentLocaleOf } from '../locale.ts';
import { richText } from '../rich-text/rich-text.ts';

// What several models have: how it is asked for, and how the answer is read.

export const pictureSelection = '{ handle url altText width height }';

const pixels = z
  .number()
  .nullish()
  .transform((value) => (typeof value === 'number' ? Math.round(value) : null));

export const picture = z.object({
  handle: z.string(),
  url: z.string(),
  altText: z
    .string()
    .nullish()
    .transform((text) => text ?? null),
  width: pixels,
  height: pixels,
}) satisfies z.ZodType<Picture>;

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

export const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

export const richTextSelection = '{ html text raw }';

export const plainRichText = z
  .object({ html: z.string(), text: z.string(), raw: z.unknown() })
  .transform((given) => richText(given));

export const seoSelection = `{ title description noIndex image ${pictureSelection} }`;

export const seo = z.object({
  title: text,
  description: text,
  noIndex: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  image: maybe(picture),
});

/** @mapped */
export type Seo = z.output<typeof seo>;

/** The language that was served, which is not always the one asked for. */
export const locale = z.string().transform((value, context): ContentLocale => {
  const known = contentLocaleOf(value);
  if (known) return known;
  context.addIssue({ code: 'custom', message: `${value} is no language of the shop` });
  return z.NEVER;
});
