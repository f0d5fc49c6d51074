import { placeholderKey } from './placeholder.ts';

/** How a picture is to be delivered. */
export interface PictureTransform {
  /** Greatest width in pixels. */
  readonly width?: number | null;
  /** Greatest height in pixels. */
  readonly height?: number | null;
  readonly fit?: 'SCALE' | 'CROP' | null;
}

/** Widest and highest picture that is made; asking for more gives this. */
export const largestSide = 2_048;

/** Address of a picture in our storage, or of the placeholder while it is not there. */
export function pictureUrl(base: string, fileKey: string | null, { width, height, fit }: PictureTransform): string {
  const query = new URLSearchParams();
  if (typeof width === 'number') query.set('w', String(side(width)));
  if (typeof height === 'number') query.set('h', String(side(height)));
  if (fit === 'CROP') query.set('fit', 'crop');
  const text = query.size > 0 ? `?${query}` : '';
  return `${base.replace(/\/+$/, '')}/media/${fileKey ?? placeholderKey}${text}`;
}

const side = (pixels: number) => Math.min(Math.max(Math.trunc(pixels), 1), largestSide);
