/** A picture of the CMS. */
export interface Picture {
  /** Its name at the end of its address. */
  readonly handle: string;
  /** Address of the original. */
  readonly url: string;
  readonly altText: string | null;
  /** Pixels of the original. */
  readonly width: number | null;
  readonly height: number | null;
}

export interface PictureTransform {
  /** Greatest width and height in pixels. */
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly fit?: 'SCALE' | 'CROP' | null | undefined;
}

/** Asking for more gives this. */
const largestSide = 4_096;

/** `max` keeps the whole picture and its shape and never enlarges, which is what SCALE promises; `scale` distorts. */
const fits = { SCALE: 'max', CROP: 'crop' } as const;

/**
 * Address of the picture, transformed. The CMS puts the steps before the handle, as in
 * `https://eu-central-1.graphassets.com/<environment>/resize=width:800,fit:max/<handle>`; an address that does not end
 * in the handle is of another kind and stays as it is.
 */
export function pictureUrl({ url, handle }: Picture, { width, height, fit }: PictureTransform): string {
  const options = [
    typeof width === 'number' ? `width:${side(width)}` : '',
    typeof height === 'number' ? `height:${side(height)}` : '',
  ].filter(Boolean);
  if (options.length === 0 || !URL.canParse(url)) return url;
  const address = new URL(url);
  const ending = `/${handle}`;
  if (handle === '' || !address.pathname.endsWith(ending)) return url;
  const step = `resize=${[...options, `fit:${fits[fit ?? 'SCALE']}`].join(',')}`;
  address.pathname = `${address.pathname.slice(0, -ending.length)}/${step}${ending}`;
  return address.href;
}

const side = (pixels: number): number => Math.min(Math.max(pixels, 1), largestSide);
