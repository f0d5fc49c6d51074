import type { Picture } from '../picture.ts';

/** The pictures of each product, by its handle, in the order they are shown. */
export type StillLifes = Record<string, readonly (() => Picture)[]>;
