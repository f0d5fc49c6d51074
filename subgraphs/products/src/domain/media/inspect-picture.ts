import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { StoredPicture } from '../catalog/product-draft.ts';
import { RefusedError } from './guarded-fetch.ts';

const suffixes: Readonly<Record<string, string>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  heif: 'avif',
};

/** More than any camera takes; less than would fill the memory when it is decoded. */
export const mostPixels = 100_000_000;

/**
 * What a picture is, and the name it is kept under: the same content has the same name. Strangers' SVG is refused, as it
 * can carry scripts; our own is drawn by us.
 * @throws RefusedError for what is no picture
 */
export async function inspectPicture(content: Buffer, { isOurs }: { isOurs: boolean }): Promise<StoredPicture> {
  const found = await sharp(content, { limitInputPixels: mostPixels })
    .metadata()
    .catch(() => null);
  const suffix = found?.format === 'svg' && isOurs ? 'svg' : suffixes[found?.format ?? ''];
  if (!found || !suffix) throw new RefusedError('It is no picture in JPEG, PNG, WebP, GIF or AVIF.');
  const turned = (found.orientation ?? 1) >= 5;
  return {
    fileKey: `${createHash('sha256').update(content).digest('hex')}.${suffix}`,
    width: turned ? found.height : found.width,
    height: turned ? found.width : found.height,
  };
}
