/** What Postgres cannot hold as text: the zero character, and halves of surrogate pairs. */
const unstorable = /[\0\p{Surrogate}]/u;

/** Whether a text can be that of anything stored. */
export const isStorable = (text: string): boolean => !unstorable.test(text);

/** The text with a replacement character for each that cannot be stored. */
export const toStorable = (text: string): string => text.replaceAll(new RegExp(unstorable, 'gu'), '\uFFFD');
