import { z } from 'zod';
import { type ObjectKind, objects } from './objects.ts';
import { palettes, tones } from './palette.ts';

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): [K, ...K[]] => {
  const keys = Object.keys(record).filter((key): key is K => key in record);
  const [first, ...rest] = keys;
  if (first === undefined) throw new Error('There is nothing to choose from.');
  return [first, ...rest];
};

const tone = z.enum(keysOf(tones));
const kind = z.enum(keysOf<ObjectKind>(objects));

const placed = z.strictObject({
  kind,
  /** Middle of the object, in hundredths of the width. */
  x: z.number(),
  /** Lower edge in hundredths of the height; on the table by default. */
  y: z.number().default(86),
  scale: z.number().default(1),
  tone: tone.optional(),
  accent: tone.optional(),
  flip: z.boolean().default(false),
});

const stillLife = z.strictObject({
  shape: z.enum(['landscape', 'square', 'wide']).default('landscape'),
  palette: z.enum(keysOf(palettes)),
  backdrop: z.enum(['window', 'arch', 'sun', 'shelf', 'hills', 'plain']).default('plain'),
  objects: z.array(placed),
});

const portrait = z.strictObject({
  shape: z.literal('portrait'),
  palette: z.enum(keysOf(palettes)),
  skin: z.string().regex(/^#[\da-f]{6}$/),
  hair: z.string().regex(/^#[\da-f]{6}$/),
  cut: z.enum(['bob', 'short', 'bun', 'curls']),
  glasses: z.boolean().default(false),
  beard: z.boolean().default(false),
  shirt: tone,
});

/** What a drawing shows. */
export const scene = z.union([portrait, stillLife]);
export type Scene = z.output<typeof scene>;
export type StillLife = z.output<typeof stillLife>;
export type Portrait = z.output<typeof portrait>;
