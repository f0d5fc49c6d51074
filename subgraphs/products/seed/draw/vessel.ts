import { LIGHT, SHADOW, shade } from './colour.ts';
import { type Picture, type Point, r, type Stop, through } from './picture.ts';
import { shadow } from './stage.ts';

/** Half-widths by height above the foot, from below upwards: the curve that a lathe or a wheel would follow. */
export type Profile = readonly (readonly [radius: number, height: number])[];
export type Finish = 'matte' | 'glaze' | 'metal';

export interface Lathe {
  x: number;
  /** Where it stands. */
  y: number;
  profile: Profile;
  /** A colour, or `currentColor` inside a stamp. */
  colour: string;
  finish?: Finish;
  /** How far one looks in from above: the height of a circle over its width. */
  tilt?: number;
  /** An open top: its inside, and what fills it. */
  open?: { inside?: string; filling?: string; lip?: string };
  grounded?: boolean;
}

/** Something turned: closed at the foot, open or closed at the top. */
export function lathe(
  p: Picture,
  { x, y, profile, colour, finish = 'glaze', tilt = 0.2, open, grounded = true }: Lathe,
): void {
  const [foot] = ends(profile);
  if (grounded) shadow(p, x, y, Math.max(foot * 1.1, widest(profile) * 0.8));
  p.layers(outline(x, y, profile, tilt), { fill: colour }, { fill: p.linear(LIGHTING[finish]) });
  if (finish === 'glaze') gleam(p, x, y, profile);
  if (open) mouth(p, x, y, profile, tilt, colour, open);
}

/** The outline with a round foot, and a round back to the top. */
export function outline(x: number, y: number, profile: Profile, tilt: number): string {
  const [foot, top, height] = ends(profile);
  const right = profile.map(([radius, h]): Point => [x + radius, y - h]);
  const left = profile.map(([radius, h]): Point => [x - radius, y - h]).reverse();
  const floor = y - (profile[0]?.[1] ?? 0);
  const below = `M${r(x - foot)} ${r(floor)}A${r(foot)} ${r(foot * tilt)} 0 0 0 ${r(x + foot)} ${r(floor)}`;
  const back = `A${r(top)} ${r(top * tilt)} 0 0 0 ${r(x - top)} ${r(y - height)}`;
  return `${below}${through(right)}${back}${through(left)}Z`;
}

function mouth(
  p: Picture,
  x: number,
  y: number,
  profile: Profile,
  tilt: number,
  colour: string,
  open: NonNullable<Lathe['open']>,
): void {
  const [, top, height] = ends(profile);
  const lip = Math.max(6, top * 0.05);
  p.ellipse(x, y - height, top, top * tilt, { fill: open.lip ?? colour });
  if (!open.lip) p.ellipse(x, y - height, top, top * tilt, { fill: LIGHT, opacity: 0.3 });
  const [rx, ry] = [top - lip, top * tilt - lip * 0.6];
  p.ellipse(x, y - height, rx, ry, { fill: open.inside ?? colour });
  p.ellipse(x, y - height, rx, ry, {
    fill: p.linear([
      [0, SHADOW, 0.45],
      [75, SHADOW, 0.05],
      [100, LIGHT, 0.1],
    ]),
  });
  if (open.filling) {
    const fill = p.linear([
      [0, shade(open.filling, -0.2)],
      [100, shade(open.filling, 0.2)],
    ]);
    p.ellipse(x, y - height + ry * 0.22, rx * 0.95, ry * 0.74, { fill });
  }
}

function gleam(p: Picture, x: number, y: number, profile: Profile): void {
  const [, , height] = ends(profile);
  const wide = widest(profile);
  p.ellipse(x - wide * 0.55, y - height * 0.6, wide * 0.09, height * 0.24, {
    fill: '#fff',
    opacity: 0.42,
    filter: p.blur(8),
  });
}

export interface Glass {
  x: number;
  y: number;
  profile: Profile;
  tint: string;
  tilt?: number;
  /** What is in it, up to which height. */
  liquid?: { colour: string; level: number; from?: number };
}

/** Something blown: one sees through it, most of all in the middle. */
export function glass(p: Picture, { x, y, profile, tint, tilt = 0.16, liquid }: Glass): void {
  const [foot, top, height] = ends(profile);
  shadow(p, x, y, foot * 1.05, 0.24);
  if (liquid) {
    const inner = cut(profile, liquid.from ?? 14, liquid.level).map(([radius, h]) => [radius * 0.93, h] as const);
    const fill = p.linear([
      [0, shade(liquid.colour, -0.3), 0.85],
      [35, liquid.colour, 0.75],
      [100, shade(liquid.colour, -0.2), 0.85],
    ]);
    p.path(outline(x, y, inner, tilt), { fill });
    const [, surface] = ends(inner);
    p.ellipse(x, y - liquid.level, surface, surface * tilt, { fill: shade(liquid.colour, 0.35), opacity: 0.7 });
  }
  p.layers(outline(x, y, profile, tilt), { fill: tint, opacity: 0.3 }, { fill: p.linear(REFRACTION) });
  p.ellipse(x, y, foot * 0.92, foot * tilt * 0.9, { fill: tint, opacity: 0.45 });
  p.ellipse(x, y - height, top, top * tilt, {
    fill: tint,
    'fill-opacity': 0.2,
    stroke: LIGHT,
    'stroke-opacity': 0.8,
    'stroke-width': 5,
  });
  const wide = widest(profile);
  p.ellipse(x - wide * 0.6, y - height * 0.55, wide * 0.07, height * 0.22, {
    fill: '#fff',
    opacity: 0.65,
    filter: p.blur(8),
  });
}

/** A bent rod or strap: a handle, a spout, a loop. */
export function rod(p: Picture, d: string, width: number, colour: string): void {
  const inner = { 'stroke-width': r(width * 0.72) };
  p.group({ fill: 'none', 'stroke-linecap': 'round', 'stroke-width': width }, () => {
    p.layers(
      d,
      { stroke: colour },
      { stroke: SHADOW, opacity: 0.35 },
      { stroke: colour, ...inner },
      { stroke: LIGHT, opacity: 0.3, 'stroke-width': r(width * 0.2) },
    );
  });
}

/** The part of a profile between two heights. */
export function cut(profile: Profile, from: number, to: number): Profile {
  const inside = profile.filter(([, height]) => height > from && height < to);
  return [[radiusAt(profile, from), from], ...inside, [radiusAt(profile, to), to]];
}

export function radiusAt(profile: Profile, height: number): number {
  for (let n = 0; n + 1 < profile.length; n++) {
    const [a, b] = [profile[n], profile[n + 1]];
    if (a && b && height >= a[1] && height <= b[1]) {
      return b[1] === a[1] ? b[0] : a[0] + ((b[0] - a[0]) * (height - a[1])) / (b[1] - a[1]);
    }
  }
  return profile.at(-1)?.[0] ?? 0;
}

const widest = (profile: Profile): number => Math.max(...profile.map(([radius]) => radius));

function ends(profile: Profile): [foot: number, top: number, height: number] {
  const [first, last] = [profile[0], profile.at(-1)];
  if (!first || !last) throw new Error('A profile needs points.');
  return [first[0], last[0], last[1]];
}

/** Light from the left, to be laid over any colour. */
const LIGHTING: Record<Finish, Stop[]> = {
  matte: [
    [0, SHADOW, 0.14],
    [24, LIGHT, 0.22],
    [52, LIGHT, 0],
    [53, SHADOW, 0],
    [100, SHADOW, 0.42],
  ],
  glaze: [
    [0, SHADOW, 0.14],
    [24, LIGHT, 0.26],
    [52, LIGHT, 0],
    [53, SHADOW, 0],
    [100, SHADOW, 0.42],
  ],
  metal: [
    [0, SHADOW, 0.42],
    [26, LIGHT, 0.75],
    [42, LIGHT, 0],
    [43, SHADOW, 0],
    [70, SHADOW, 0.38],
    [88, LIGHT, 0.2],
    [100, SHADOW, 0.45],
  ],
};

/** What glass does to the light behind its edges. */
const REFRACTION: Stop[] = [
  [0, SHADOW, 0.3],
  [8, '#fff', 0.5],
  [24, '#fff', 0],
  [74, '#fff', 0],
  [91, '#fff', 0.36],
  [100, SHADOW, 0.34],
];

/** A gradient of one colour as light from the left leaves it. */
export function stopsFor(colour: string, finish: Finish): Stop[] {
  if (finish === 'metal') {
    return [
      [0, shade(colour, -0.4)],
      [26, shade(colour, 0.75)],
      [42, colour],
      [70, shade(colour, -0.35)],
      [88, shade(colour, 0.2)],
      [100, shade(colour, -0.45)],
    ];
  }
  return [
    [0, shade(colour, -0.14)],
    [24, shade(colour, 0.26)],
    [55, colour],
    [100, shade(colour, -0.42)],
  ];
}
