import { type Palette, palettes } from './palette.ts';

export type Backdrop = 'window' | 'arch' | 'sun' | 'shelf' | 'hills' | 'plain';

/** Height of the table's far edge, as a part of the picture's height. */
const horizon = 0.72;

const gradient = (id: string, [from, to]: readonly [string, string]): string =>
  `<linearGradient id="${id}" x1="0" y1="0" x2=".4" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`;

export const backdropDefinitions = (palette: Palette): string =>
  gradient('wall', palettes[palette].wall) + gradient('table', palettes[palette].table);

/** Wall, what is on the wall, and table. */
export function drawBackdrop(backdrop: Backdrop, palette: Palette, width: number, height: number): string {
  const far = Math.round(height * horizon);
  const wall = `<rect width="${width}" height="${height}" fill="url(#wall)"/>`;
  const table =
    `<rect y="${far}" width="${width}" height="${height - far}" fill="url(#table)"/>` +
    `<rect y="${far}" width="${width}" height="${Math.round(height * 0.008)}" fill="#fff" opacity=".25"/>`;
  return wall + onTheWall(backdrop, palettes[palette].shape, width, height, far) + table;
}

function onTheWall(backdrop: Backdrop, shape: string, w: number, h: number, far: number): string {
  const at = (x: number): number => Math.round(w * x);
  const down = (y: number): number => Math.round(h * y);
  switch (backdrop) {
    case 'window': {
      const pane = (x: number, y: number): string =>
        `<path d="M${at(x)} ${down(y + 0.03)}l${at(0.13)} ${down(-0.03)}v${down(0.22)}l${-at(0.13)} ${down(0.03)}z" fill="${shape}" opacity=".75"/>`;
      return pane(0.1, 0.1) + pane(0.245, 0.067) + pane(0.1, 0.35) + pane(0.245, 0.317);
    }
    case 'arch': {
      const r = down(0.26);
      return `<path d="M${at(0.5) - r} ${far}V${down(0.36)}a${r} ${r} 0 0 1 ${2 * r} 0V${far}z" fill="${shape}" opacity=".7"/>`;
    }
    case 'sun':
      return `<circle cx="${at(0.66)}" cy="${down(0.36)}" r="${down(0.22)}" fill="${shape}" opacity=".8"/>`;
    case 'shelf':
      return (
        `<rect x="${at(0.08)}" y="${down(0.3)}" width="${at(0.84)}" height="${down(0.022)}" fill="#8a6242"/>` +
        `<rect x="${at(0.08)}" y="${down(0.322)}" width="${at(0.84)}" height="${down(0.02)}" fill="#000" opacity=".08"/>`
      );
    case 'hills':
      return (
        `<circle cx="${at(0.74)}" cy="${down(0.26)}" r="${down(0.1)}" fill="${shape}"/>` +
        `<path d="M0 ${far}V${down(0.52)}C${at(0.2)} ${down(0.36)} ${at(0.34)} ${down(0.4)} ${at(0.5)} ${down(0.54)}S${at(0.8)} ${down(0.5)} ${w} ${down(0.42)}V${far}z" fill="#9fae8b" opacity=".65"/>` +
        `<path d="M0 ${far}V${down(0.64)}C${at(0.25)} ${down(0.52)} ${at(0.5)} ${down(0.66)} ${w} ${down(0.56)}V${far}z" fill="#7f9370" opacity=".75"/>`
      );
    case 'plain':
      return `<path d="M0 0H${at(0.42)}L${at(0.16)} ${far}H0z" fill="${shape}" opacity=".4"/>`;
  }
}
