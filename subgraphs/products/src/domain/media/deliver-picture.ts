import sharp from 'sharp';
import type { Storage } from '../storage/storage.ts';
import { mostPixels } from './inspect-picture.ts';
import { largestSide } from './picture-url.ts';
import { placeholderKey, placeholderPicture } from './placeholder.ts';
import type { TransformCache } from './transform-cache.ts';

export interface DeliverOptions {
  readonly width: number | null;
  readonly height: number | null;
  readonly fit: 'scale' | 'crop';
}

export interface DeliveredPicture {
  readonly content: Buffer;
  readonly type: string;
}

const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  svg: 'image/svg+xml',
};

/** Names of pictures are made of their content, so no other name leads anywhere. */
const picturePattern = /^(?:[0-9a-f]{64}\.(?:jpg|png|webp|gif|avif|svg)|placeholder\.svg)$/;

/** A picture as it is, or as WebP in the size asked for, kept for the next who asks; null when there is none. */
export async function deliverPicture(
  { storage, cache }: { storage: Storage; cache: TransformCache },
  key: string,
  { width, height, fit }: DeliverOptions,
): Promise<DeliveredPicture | null> {
  if (!picturePattern.test(key)) return null;
  if (width === null && height === null) {
    const content = await original(storage, key);
    return content && { content, type: types[key.split('.')[1] ?? ''] ?? 'application/octet-stream' };
  }
  const name = `${key}-${width ?? ''}x${height ?? ''}-${fit}.webp`;
  const known = await cache.get(name);
  if (known) return { content: known, type: 'image/webp' };
  const source = await original(storage, key);
  if (!source) return null;
  const content = await sharp(source, { limitInputPixels: mostPixels, animated: key.endsWith('.gif') })
    .rotate()
    .resize({
      ...(width !== null && { width }),
      ...(height !== null && { height }),
      fit: fit === 'crop' ? 'cover' : 'inside',
      withoutEnlargement: !key.endsWith('.svg'),
    })
    .webp({ quality: 82 })
    .toBuffer();
  await cache.set(name, content);
  return { content, type: 'image/webp' };
}

const original = async (storage: Storage, key: string): Promise<Buffer | null> =>
  key === placeholderKey ? Buffer.from(placeholderPicture) : storage.readPicture(key);

/** A side in pixels; undefined when it is none that is made. */
export function readSide(text: string | undefined): number | null | undefined {
  if (text === undefined) return null;
  const pixels = Number(text);
  return Number.isInteger(pixels) && pixels >= 1 && pixels <= largestSide ? pixels : undefined;
}
