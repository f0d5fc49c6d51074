import { backdropDefinitions, drawBackdrop } from './backdrop.ts';
import { type ObjectKind, objects } from './objects.ts';
import { paintOf } from './paint.ts';
import { type Tone, tones } from './palette.ts';
import { drawPortrait, portraitSize } from './portrait.ts';
import type { Scene, StillLife } from './scene.ts';

export interface Picture {
  svg: string;
  width: number;
  height: number;
}

const sizes = { landscape: [1600, 1000], square: [1200, 1200], wide: [2000, 900] } as const;

/** The same scene always gives the same SVG. */
export function draw(scene: Scene): Picture {
  if (scene.shape === 'portrait') {
    const wall = `<rect width="${portraitSize}" height="${portraitSize}" fill="url(#wall)"/>`;
    return framed(portraitSize, portraitSize, backdropDefinitions(scene.palette), wall + drawPortrait(scene));
  }
  const [width, height] = sizes[scene.shape];
  const things = scene.objects.map((placed) => drawObject(placed, width, height)).join('');
  const content = drawBackdrop(scene.backdrop, scene.palette, width, height) + things;
  const used = Object.keys(tones).filter((tone): tone is Tone => content.includes(`url(#${tone})`));
  return framed(width, height, backdropDefinitions(scene.palette) + used.map(toneDefinition).join(''), content);
}

const framed = (width: number, height: number, definitions: string, content: string): Picture => ({
  svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><defs>${definitions}</defs>${content}</svg>`,
  width,
  height,
});

/** Light falls from the left. */
function toneDefinition(tone: Tone): string {
  const [lit, plain, shaded] = tones[tone];
  return `<linearGradient id="${tone}"><stop stop-color="${lit}"/><stop offset=".45" stop-color="${plain}"/><stop offset="1" stop-color="${shaded}"/></linearGradient>`;
}

/** Colours of a thing whose scene names none. */
const usual: Partial<Record<ObjectKind, readonly [Tone, Tone]>> = {
  carafe: ['glass', 'wood'],
  waterGlass: ['glass', 'glass'],
  wineGlass: ['glass', 'rust'],
  skillet: ['iron', 'iron'],
  board: ['wood', 'walnut'],
  basket: ['wood', 'crust'],
  knifeBlock: ['steel', 'walnut'],
  knives: ['steel', 'walnut'],
  bread: ['crust', 'crust'],
  pear: ['leaf', 'leaf'],
  lemons: ['lemon', 'lemon'],
  candles: ['honey', 'honey'],
  vase: ['clay', 'leaf'],
  plant: ['clay', 'leaf'],
  parcel: ['sand', 'rust'],
};

/** Units of a thing in the picture's height: a mug then takes somewhat more than a quarter of it. */
const unitsInHeight = 205;

function drawObject(placed: StillLife['objects'][number], width: number, height: number): string {
  const [main, accent] = usual[placed.kind] ?? ['cream', 'brass'];
  const thing = objects[placed.kind](paintOf(placed.tone ?? main, placed.accent ?? accent));
  const scale = round((height / unitsInHeight) * placed.scale);
  const x = Math.round((placed.x / 100) * width);
  const y = Math.round((placed.y / 100) * height);
  const shadow = thing.hangs
    ? ''
    : `<ellipse cx="${round(thing.width * 0.12)}" cy="0" rx="${round(thing.width * 0.58)}" ry="4.5" fill="#3b2415" opacity=".2"/>`;
  return `<g transform="translate(${x} ${y}) scale(${scale})">${shadow}<g${placed.flip ? ' transform="scale(-1 1)"' : ''}>${thing.svg}</g></g>`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
