const longestHandle = 120;

/** Lower-case letters and digits, with hyphens or underscores between them. */
export const handlePattern = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/;

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};

/** A name as part of an address: `Crème Brûlée Set` is `creme-brulee-set`. Empty when nothing of it is left. */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[ßæœøłđðþ]/g, (letter) => letters[letter] ?? '')
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, longestHandle)
    .replace(/-+$/, '');

export const isHandle = (text: string): boolean => text.length <= longestHandle && handlePattern.test(text);

export const handleRule = `must be at most ${longestHandle} lower-case letters, digits and hyphens, such as "stoneware-mug"`;
