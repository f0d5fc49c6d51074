/** Languages of the shop's content, as the schema names them. */
export const contentLocales = ['EN', 'DE'] as const;
export type ContentLocale = (typeof contentLocales)[number];

/** The shop's own language: every text exists in it. */
export const defaultLocale: ContentLocale = 'EN';

/** As the Content API names it. */
export const apiLocale = (locale: ContentLocale): string => locale.toLowerCase();

/**
 * What to ask for, in order of preference. An entry that has none of the languages asked for would be left out of the
 * answer, so the shop's own always ends the list.
 */
export const apiLocales = (locale: ContentLocale): string[] => [...new Set([locale, defaultLocale])].map(apiLocale);

export const contentLocaleOf = (locale: string): ContentLocale | undefined =>
  contentLocales.find((known) => apiLocale(known) === locale);
