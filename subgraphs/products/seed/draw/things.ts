import { COLOUR, shade } from './colour.ts';
import { type Picture, r } from './picture.ts';
import { lathe, rod, stopsFor } from './vessel.ts';

/** Small things that stand or lie beside what is for sale. */

/** A twig with leaves, from (0, 0) upwards; turn it with a group. */
export function sprig(p: Picture, length: number, colour: string = COLOUR.leaf, narrow = 0.3): void {
  p.line(`M0 0Q${r(length * 0.08)} ${r(-length / 2)} 0 ${-length}`, shade(colour, -0.35), 6);
  let dark = '';
  let light = '';
  const leaf = r(length * 0.3);
  for (let n = 0; n < 5; n++) {
    const y = r(-length * (0.15 + n * 0.18));
    const side = (way: number) =>
      `M4 ${y}q${r(way * leaf * narrow)} ${-leaf} ${way * leaf} ${r(-leaf * 0.8)}q${r(-way * leaf * 0.2)} ${r(leaf * 0.75)} ${-way * leaf} ${r(leaf * 0.8)}`;
    dark += side(1);
    light += side(-1);
  }
  p.path(dark, { fill: shade(colour, -0.12) });
  p.path(light, { fill: shade(colour, 0.18) });
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
export function mug(
  p: Picture,
  x: number,
  y: number,
  size: number,
  colour: string,
  more: { bare?: string; filling?: string; rim?: string; inside?: string } = {},
): void {
  const s = (value: number) => value * size;
  rod(
    p,
    `M${r(x + s(120))} ${r(y - s(215))}C${r(x + s(250))} ${r(y - s(250))} ${r(x + s(250))} ${r(y - s(40))} ${r(x + s(112))} ${r(y - s(70))}`,
    r(s(38)),
    colour,
  );
  const profile = [
    [s(112), 0],
    [s(124), s(18)],
    [s(130), s(140)],
    [s(134), s(270)],
  ] as const;
  lathe(p, { x, y, profile, colour: more.bare ?? colour, finish: 'matte', tilt: 0.22 });
  const glazed = more.bare
    ? ([
        [s(126), s(44)],
        [s(130), s(140)],
        [s(134), s(270)],
      ] as const)
    : profile;
  const open = {
    inside: more.inside ?? colour,
    ...(more.filling ? { filling: more.filling } : {}),
    ...(more.rim ? { lip: more.rim } : {}),
  };
  lathe(p, { x, y, profile: glazed, colour, tilt: 0.22, grounded: false, open });
}
