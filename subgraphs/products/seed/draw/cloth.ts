import { shade } from './colour.ts';
import { type Picture, polygon, r } from './picture.ts';
import { shadow } from './stage.ts';

export interface Folded {
  x: number;
  y: number;
  width: number;
  thickness: number;
  colour: string;
  /** How many layers show at the edge. */
  layers?: number;
  /** How much of the top one sees; 0 when something lies on it. */
  depth?: number;
  stripe?: string;
  fringe?: boolean;
  grounded?: boolean;
}

/** A folded cloth seen from the front: the round fold left, the edges of its layers right. (x, y) is the middle of its lower edge. */
export function folded(p: Picture, cloth: Folded): void {
  const { x, y, width, thickness, colour, layers = 3, depth = 60, stripe, fringe = false, grounded = true } = cloth;
  const [left, right, top] = [x - width / 2, x + width / 2, y - thickness];
  if (grounded) shadow(p, x, y, width * 0.44);
  if (depth > 0) {
    const inset = depth * 0.7;
    p.path(
      polygon([left + 8, top + 12], [left + inset, top - depth], [right - inset, top - depth], [right - 4, top + 12]),
      { fill: shade(colour, 0.22) },
    );
    if (stripe)
      p.path(
        polygon(
          [right - 150, top + 8],
          [right - 150 - inset * 0.6, top - depth],
          [right - 120 - inset * 0.6, top - depth],
          [right - 112, top + 8],
        ),
        { fill: stripe },
      );
  }
  const fill = p.linear([
    [0, shade(colour, -0.2)],
    [12, shade(colour, 0.15)],
    [60, colour],
    [100, shade(colour, -0.22)],
  ]);
  p.rect(left, top, width, thickness, r(Math.min(thickness / 2, 44)), { fill });
  let seams = '';
  for (let n = 1; n < layers; n++) {
    const at = r(top + (thickness * n) / layers);
    seams += `M${r(left + thickness * 0.3)} ${at}Q${r(x)} ${at + 5} ${r(right - 3)} ${at - 2}`;
  }
  p.line(seams, shade(colour, -0.4), 5, { opacity: 0.6 });
  if (stripe) p.rect(right - 150, top, 38, thickness, 4, { fill: stripe, opacity: 0.9 });
  if (fringe) fringes(p, right - 12, top + 10, thickness - 16, colour);
}

function fringes(p: Picture, x: number, y: number, height: number, colour: string): void {
  let d = '';
  for (let at = 0; at <= height; at += 17) d += `M${r(x)} ${r(y + at)}q30 -4 58 ${6 + (at % 3) * 5}`;
  p.line(d, shade(colour, 0.1), 7);
}

/** A rolled cloth seen from its end and side; (x, y) is where the spiral touches the ground. */
export function rolled(
  p: Picture,
  x: number,
  y: number,
  radius: number,
  length: number,
  colour: string,
  grounded = true,
): void {
  if (grounded) shadow(p, x + length / 2, y, length * 0.6);
  const fill = p.linear(
    [
      [0, shade(colour, -0.05)],
      [25, shade(colour, 0.25)],
      [60, colour],
      [100, shade(colour, -0.4)],
    ],
    'down',
  );
  p.rect(x - radius * 0.3, y - radius * 2, length + radius * 0.8, radius * 2, r(radius * 0.8), { fill });
  p.ellipse(x, y - radius, radius * 0.86, radius, { fill: shade(colour, 0.12) });
  const turn = (share: number) => `A${r(radius * share * 0.86)} ${r(radius * share)} 0 0 1 `;
  const spiral = `M${r(x - radius * 0.68)} ${r(y - radius)}${turn(0.76)}${r(x + radius * 0.56)} ${r(y - radius)}${turn(0.62)}${r(x - radius * 0.42)} ${r(y - radius)}${turn(0.44)}${r(x + radius * 0.3)} ${r(y - radius)}${turn(0.28)}${r(x - radius * 0.14)} ${r(y - radius)}`;
  p.line(spiral, shade(colour, -0.35), 7, { opacity: 0.7 });
}

/** Soft vertical folds over something that hangs, between two heights. */
export function folds(p: Picture, xs: readonly number[], from: number, to: number, colour: string): void {
  const height = to - from;
  const d = xs
    .map((x, n) => `M${x} ${from}q${n % 2 ? 16 : -16} ${r(height / 2)} ${n % 2 ? -8 : 10} ${height}`)
    .join('');
  p.line(d, shade(colour, -0.5), 16, { opacity: 0.26, filter: p.blur(8) });
  p.line(
    d.replaceAll(/M(\d+)/g, (_, x: string) => `M${Number(x) - 22}`),
    shade(colour, 0.7),
    12,
    { opacity: 0.35, filter: p.blur(8) },
  );
}

/** A wall hook of brass, at (x, y). */
export function hook(p: Picture, x: number, y: number): void {
  p.ellipse(x, y - 34, 26, 26, {
    fill: p.radial(
      [
        [0, '#f0d49a'],
        [100, '#8f6a2c'],
      ],
      [0.35, 0.3],
      0.8,
    ),
  });
  p.line(`M${x} ${y - 30}v28q0 22 20 18`, '#a57c38', 13);
}

/** A square of cloth seen from above, centred, `half` to each side, with a hem. */
export function square(p: Picture, half: number, colour: string): void {
  p.rect(-half, -half, half * 2, half * 2, 14, {
    fill: p.linear(
      [
        [0, shade(colour, 0.25)],
        [100, shade(colour, -0.12)],
      ],
      'diagonal',
    ),
  });
  const hem = r(half * 0.86);
  p.rect(-hem, -hem, hem * 2, hem * 2, 0, {
    fill: 'none',
    stroke: shade(colour, -0.3),
    'stroke-width': 4,
    'stroke-dasharray': '12 9',
    opacity: 0.6,
  });
}
