import type { RouterContext } from '../../context.ts';

const ends = new WeakMap<RouterContext, number>();

/** A part of an operation's answer was kept before, and ends then: milliseconds of the system's clock. */
export function noteEnd(context: RouterContext, end: number): void {
  const before = ends.get(context);
  if (before === undefined || end < before) ends.set(context, end);
}

/** When the first of the parts that were kept before ends; undefined where all was asked for now. */
export const freshUntil = (context: RouterContext): number | undefined => ends.get(context);
