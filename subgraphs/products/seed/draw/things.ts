import { COLOUR, shade } from './colour.ts';
import { type Picture, r } from './picture.ts';
import { cut, lathe, type Profile, rod, stopsFor } from './vessel.ts';

/** Small things that stand or lie beside what is for sale. */

/** A twig with leaves, from (0, 0) upwards; turn it with a group. `slim` is the width of a leaf over its length. */
export function sprig(p: Picture, length: number, colour: string = COLOUR.leaf, slim = 0.32): void {
  p.line(`M0 0Q${r(length * 0.06)} ${r(-length / 2)} 0 ${-length}`, shade(colour, -0.35), Math.max(4, r(length / 60)));
  const pairs = slim < 0.2 ? 9 : 6;
  let dark = '';
  let light = '';
  for (let n = 0; n < pairs; n++) {
    const y = r(-length * (0.16 + (n * 0.8) / pairs));
    const reach = length * (0.27 - (n * 0.1) / pairs);
    dark += leaf(y, reach, reach * slim, 1);
    light += leaf(y - r(length * 0.03), reach, reach * slim, -1);
  }
  p.path(dark + leaf(-length + 4, length * 0.16, length * 0.16 * slim, 0), { fill: shade(colour, -0.14) });
  p.path(light, { fill: shade(colour, 0.2) });
}

/** A leaf from (0, y), `reach` long, leaning to the given side. */
function leaf(y: number, reach: number, wide: number, side: number): string {
  const [x, up] = side === 0 ? [0, -reach] : [side * reach * 0.76, -reach * 0.65];
  const [nx, ny] = [(-up / reach) * wide, (x / reach) * wide];
  const out = [x * 0.45 + nx, up * 0.45 + ny, x, up].map(r).join(' ');
  const back = [-x * 0.55 - nx, -up * 0.55 - ny, -x, -up].map(r).join(' ');
  return `M0 ${r(y)}q${out}q${back}`;
}

/** Beans, lentils or peppercorns scattered around (x, y); the same every time. */
export function scattered(p: Picture, x: number, y: number, count: number, size: number, colour: string): void {
  for (let n = 0; n < count; n++) {
    const [dx, dy] = [((n * 83) % 190) - 95, ((n * 47) % 60) - 30];
    p.ellipse(x + dx, y + dy, size, size * 0.68, { fill: shade(colour, ((n * 29) % 5) / 12 - 0.15) });
  }
}

/** A lemon lying on the table or on a plate. */
export function lemon(p: Picture, x: number, y: number, size: number): void {
  const fill = p.radial(
    [
      [0, '#f7e08a'],
      [60, '#e3b93a'],
      [100, '#a97a1e'],
    ],
    [0.35, 0.3],
    0.8,
  );
  p.path(
    `M${x - size} ${y}q${r(size * 0.2)} ${r(-size * 0.7)} ${size} ${r(-size * 0.7)}t${size} ${r(size * 0.7)}q${r(-size * 0.2)} ${r(size * 0.7)} ${-size} ${r(size * 0.7)}t${-size} ${r(-size * 0.7)}`,
    { fill },
  );
}

/** A loaf with scored crust, resting at (x, y). */
export function loaf(p: Picture, x: number, y: number, width: number, height: number): void {
  const [half, left] = [width / 2, r(x - width / 2)];
  const d = `M${left} ${y}C${left - 20} ${r(y - height * 1.2)} ${r(x + half + 20)} ${r(y - height * 1.2)} ${r(x + half)} ${y}Q${x} ${y + 18} ${left} ${y}Z`;
  p.path(d, {
    fill: p.linear(
      [
        [0, '#e2a862'],
        [55, '#b8702f'],
        [100, '#7c4319'],
      ],
      'down',
    ),
  });
  const cuts = [-0.5, 0, 0.5]
    .map((at) => `M${r(x + at * half - 14)} ${r(y - height * 0.66)}q30 ${r(-height * 0.12)} 46 ${r(height * 0.14)}`)
    .join('');
  p.line(cuts, '#f3d9a8', 12, { opacity: 0.85 });
}

/** A round loaf from above, its cuts floury. */
export function boule(p: Picture, x: number, y: number, radius: number): void {
  p.ellipse(x, y, radius, radius * 0.86, {
    fill: p.radial(
      [
        [0, '#e6b272'],
        [60, '#bd7634'],
        [100, '#80481d'],
      ],
      [0.4, 0.36],
      0.68,
    ),
    filter: p.raised(10),
  });
  const c = r(radius / 10);
  p.line(
    `M${x - c * 5} ${y - c * 2}q${c * 5} ${-c * 4} ${c * 9} 0M${x - c * 6} ${y + c * 2}q${c * 6} ${-c * 4} ${c * 11} 0M${x - c * 4} ${y + c * 5}q${c * 4} ${-c * 3} ${c * 7} 0`,
    '#f6e2bb',
    c,
    { opacity: 0.85 },
  );
}

/** A flame on a wick at (x, y). */
export function flame(p: Picture, x: number, y: number, size = 60): void {
  p.ellipse(x, y - size * 0.7, size * 2.4, size * 2.4, {
    fill: p.radial([
      [0, '#ffdf8f', 0.8],
      [100, '#ffdf8f', 0],
    ]),
  });
  p.line(`M${x} ${y}v${-18}`, '#3a2a20', 5);
  p.path(
    `M${x} ${y - 6}c${-size * 0.45} ${-size * 0.3} ${-size * 0.1} ${-size} 0 ${r(-size * 1.5)}c${size * 0.2} ${size * 0.5} ${size * 0.45} ${size * 1.2} 0 ${r(size * 1.5)}`,
    {
      fill: p.linear(
        [
          [0, '#fff3c4'],
          [60, '#ffc64a'],
          [100, '#e8862a'],
        ],
        'down',
      ),
    },
  );
}

/** A dining fork or knife or spoon seen from above, its handle towards the viewer, 640 long, around (0, 0). */
export function cutlery(p: Picture, kind: 'fork' | 'knife' | 'spoon', colour: string = COLOUR.steel): void {
  const fill = p.linear(stopsFor(colour, 'metal'));
  const handle = 'L14 -40Q26 180 22 300Q0 330 -22 300Q-26 180 -14 -40';
  if (kind === 'knife')
    p.path('M-22 -60Q-30 -240 14 -320Q34 -200 22 -60L20 -40Q28 180 22 300Q0 330 -22 300Q-28 180 -18 -40Z', { fill });
  if (kind === 'spoon') p.path(`M-14 -40C-80 -110 -70 -310 0 -310S80 -110 14 -40${handle}Z`, { fill });
  if (kind === 'fork')
    p.path(`M-14 -40Q-62 -90 -58 -300h18v130h20v-136h16v136h20v-136h16v130h18Q62 -90 14 -40${handle}Z`, { fill });
  if (kind === 'spoon') p.ellipse(0, -190, 40, 92, { fill: shade(colour, -0.35), opacity: 0.35 });
}

/** A cup with a handle: any mug in the shop. `bare` leaves the clay of the foot unglazed. */
export function mug(p: Picture, x: number, y: number, size: number, colour: string, more: MugMore = {}): void {
  const s = (value: number) => r(value * size);
  rod(
    p,
    `M${x + s(120)} ${y - s(215)}C${x + s(250)} ${y - s(250)} ${x + s(250)} ${y - s(40)} ${x + s(112)} ${y - s(70)}`,
    s(38),
    colour,
  );
  const turned: Profile = [
    [112, 0],
    [124, 18],
    [130, 140],
    [134, 270],
  ];
  const profile: Profile = turned.map(([radius, height]) => [radius * size, height * size]);
  const foot = more.bare ? 34 * size : 0;
  if (more.bare)
    lathe(p, { x, y, profile: cut(profile, 0, 60 * size), colour: more.bare, finish: 'matte', tilt: 0.22 });
  const open = {
    inside: more.inside ?? colour,
    ...(more.filling ? { filling: more.filling } : {}),
    ...(more.rim ? { lip: more.rim } : {}),
  };
  lathe(p, { x, y, profile: cut(profile, foot, 270 * size), colour, tilt: 0.22, grounded: !more.bare, open });
}

interface MugMore {
  bare?: string;
  filling?: string;
  rim?: string;
  inside?: string;
}
