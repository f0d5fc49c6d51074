import { type Tone, tones } from './palette.ts';

/** A thing drawn in units, standing on y = 0, centred on x = 0. */
export interface Drawn {
  width: number;
  svg: string;
  /** It hangs and casts no shadow on the table. */
  hangs?: true;
}

/** Colours of one thing. */
export interface Paint {
  /** Fill that goes from lit to shaded. */
  main: string;
  accent: string;
  /** One flat colour of a fill: 0 lit, 1 plain, 2 shaded. */
  flat: (fill: string, shade: 0 | 1 | 2) => string;
}

const isTone = (name: string | undefined): name is Tone => name !== undefined && name in tones;

export const paintOf = (main: Tone, accent: Tone): Paint => ({
  main: `url(#${main})`,
  accent: `url(#${accent})`,
  flat: (fill, shade) => {
    const name = /^url\(#(\w+)\)$/.exec(fill)?.[1];
    return isTone(name) ? tones[name][shade] : fill;
  },
});

export const path = (d: string, fill: string, more = ''): string => `<path d="${d}" fill="${fill}"${more}/>`;

export const oval = (cx: number, cy: number, rx: number, ry: number, fill: string, more = ''): string =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}"${more}/>`;

export const box = (x: number, y: number, width: number, height: number, radius: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"/>`;

export const line = (d: string, colour: string, width: number): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`;
