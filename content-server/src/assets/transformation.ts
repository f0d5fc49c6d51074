import { z } from 'zod';
import { badInput } from '../errors.ts';

export const fits = ['clip', 'crop', 'max', 'scale'] as const;
export type Fit = (typeof fits)[number];

/** Formats that the dialect names. */
export const documentFormats = [
  'autoImage',
  'avif',
  'bmp',
  'gif',
  'heic',
  'jpg',
  'png',
  'svg',
  'tiff',
  'webp',
] as const;
export type DocumentFormat = (typeof documentFormats)[number];

/** Formats that this server can encode. */
export const encodable = [
  'autoImage',
  'avif',
  'gif',
  'jpg',
  'png',
  'svg',
  'tiff',
  'webp',
] as const satisfies readonly DocumentFormat[];

const pixels = z.coerce.number().int().min(1).max(10_000);
const offset = z.coerce.number().int().min(0).max(10_000);
const strength = z.coerce.number().int().min(0).max(20);

const steps = {
  resize: z.object({ width: pixels.nullish(), height: pixels.nullish(), fit: z.enum(fits).nullish() }),
  crop: z.object({ x: offset, y: offset, width: pixels, height: pixels }),
  quality: z.object({ value: z.coerce.number().int().min(1).max(100) }),
  blur: z.object({ amount: strength }),
  sharpen: z.object({ amount: strength }),
  output: z.object({ format: z.enum(encodable) }),
};

const transformation = z.object(steps).partial();

/** What is done to a picture on delivery. */
export type Transformation = z.output<typeof transformation>;

const argument = z.object({
  image: z.record(z.string(), z.unknown()).nullish(),
  document: z.record(z.string(), z.unknown()).nullish(),
  validateOptions: z.boolean().nullish(),
});

/**
 * Reads the argument of `Asset.url`. A step that cannot be done is left out unless `validateOptions` asks to be told.
 * @throws ContentApiError 400.
 */
export function transformationFrom(given: unknown): Transformation {
  const { image, document, validateOptions } = argument.parse(given ?? {});
  const wanted = { ...image, ...document };
  const kept: Record<string, unknown> = {};
  for (const [name, options] of Object.entries(wanted)) {
    if (options === null || options === undefined || !isStep(name)) continue;
    const parsed = steps[name].safeParse(options);
    if (parsed.success) kept[name] = parsed.data;
    else if (validateOptions)
      throw badInput(`transformation ${name}: ${parsed.error.issues[0]?.message ?? 'it is wrong'}`);
  }
  return transformation.parse(kept);
}

const isStep = (name: string): name is keyof typeof steps => Object.hasOwn(steps, name);

/** The path between a project's assets and the handle: `resize=fit:crop,width:600/output=format:webp`. */
export const pathOf = (wanted: Transformation): string =>
  Object.entries(wanted)
    .map(([name, options]) => {
      const pairs = Object.entries(options ?? {}).filter(([, value]) => value !== null && value !== undefined);
      return `${name}=${pairs.map(([key, value]) => `${key}:${value}`).join(',')}`;
    })
    .join('/');

/** Reads such a path. Null when a part of it is no transformation. */
export function transformationOf(path: readonly string[]): Transformation | null {
  const given = path.map((part) => {
    const [name = '', options = ''] = part.split('=', 2);
    return [name, Object.fromEntries(options.split(',').map((pair) => pair.split(':', 2)))] as const;
  });
  if (given.some(([name]) => !isStep(name))) return null;
  const parsed = transformation.safeParse(Object.fromEntries(given));
  return parsed.success ? parsed.data : null;
}
