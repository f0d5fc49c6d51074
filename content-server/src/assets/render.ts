import sharp, { type Sharp } from 'sharp';
import type { Fit, Transformation } from './transformation.ts';

export interface Picture {
  body: Buffer;
  mimeType: string;
}

const sharpFit: Readonly<Record<Fit, 'inside' | 'cover' | 'fill'>> = {
  clip: 'inside',
  max: 'inside',
  crop: 'cover',
  scale: 'fill',
};

/** Browsers say what they take; without a word of it a JPEG suits all. */
function autoFormat(accept: string): 'avif' | 'webp' | 'jpg' {
  if (accept.includes('image/avif')) return 'avif';
  return accept.includes('image/webp') ? 'webp' : 'jpg';
}

/**
 * Delivers a drawing as asked. Untouched it stays SVG; any transformation without a format gives PNG, for a resized
 * vector would only look unresized (inferred). `svg` as format leaves the drawing as it is.
 * @param width Width of the original in pixels.
 */
export async function render(svg: string, width: number, wanted: Transformation, accept: string): Promise<Picture> {
  const format = wanted.output?.format;
  if (format === 'svg' || Object.keys(wanted).length === 0)
    return { body: Buffer.from(svg), mimeType: 'image/svg+xml' };
  const drawing = sharp(Buffer.from(svg), { density: densityFor(wanted, width), limitInputPixels: 60_000_000 });
  const sized = resized(await cropped(drawing, wanted, width), wanted);
  const touched = wanted.blur && wanted.blur.amount > 0 ? sized.blur(wanted.blur.amount) : sized;
  const sharpened =
    wanted.sharpen && wanted.sharpen.amount > 0 ? touched.sharpen({ sigma: wanted.sharpen.amount / 4 }) : touched;
  return encoded(
    sharpened,
    format === 'autoImage' ? autoFormat(accept) : (format ?? 'png'),
    wanted.quality?.value ?? 82,
  );
}

/** Vectors are drawn at the size that is asked for, within reason. 72 is one pixel a unit. */
function densityFor({ resize }: Transformation, width: number): number {
  const scale = resize?.width ? resize.width / width : 1;
  return Math.round(72 * Math.min(Math.max(scale, 1), 2));
}

/** Cropping speaks in pixels of the original. */
async function cropped(image: Sharp, { crop }: Transformation, width: number): Promise<Sharp> {
  if (!crop) return image;
  const drawn = await image.metadata();
  const scale = (drawn.width ?? width) / width;
  const left = Math.min(Math.round(crop.x * scale), (drawn.width ?? 1) - 1);
  const top = Math.min(Math.round(crop.y * scale), (drawn.height ?? 1) - 1);
  return image.extract({
    left,
    top,
    width: Math.min(Math.round(crop.width * scale), (drawn.width ?? 1) - left),
    height: Math.min(Math.round(crop.height * scale), (drawn.height ?? 1) - top),
  });
}

function resized(image: Sharp, { resize }: Transformation): Sharp {
  if (!resize?.width && !resize?.height) return image;
  return image.resize({
    ...(resize.width ? { width: resize.width } : {}),
    ...(resize.height ? { height: resize.height } : {}),
    fit: sharpFit[resize.fit ?? 'clip'],
    withoutEnlargement: resize.fit === 'max',
  });
}

async function encoded(
  image: Sharp,
  format: 'avif' | 'gif' | 'jpg' | 'png' | 'tiff' | 'webp',
  quality: number,
): Promise<Picture> {
  switch (format) {
    case 'jpg':
      return {
        body: await image.flatten({ background: '#ffffff' }).jpeg({ quality }).toBuffer(),
        mimeType: 'image/jpeg',
      };
    case 'webp':
      return { body: await image.webp({ quality }).toBuffer(), mimeType: 'image/webp' };
    case 'avif':
      return { body: await image.avif({ quality, effort: 2 }).toBuffer(), mimeType: 'image/avif' };
    case 'gif':
      return { body: await image.gif().toBuffer(), mimeType: 'image/gif' };
    case 'tiff':
      return { body: await image.tiff({ quality }).toBuffer(), mimeType: 'image/tiff' };
    case 'png':
      return { body: await image.png({ compressionLevel: 8 }).toBuffer(), mimeType: 'image/png' };
  }
}
