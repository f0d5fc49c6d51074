import { box, oval, path } from './paint.ts';
import { tones } from './palette.ts';
import type { Portrait } from './scene.ts';

const size = 600;

/** A head and shoulders, without a face's detail. */
export function drawPortrait({ skin, hair, cut, glasses, beard, shirt }: Portrait): string {
  const [lit, plain, shaded] = tones[shirt];
  const behind = {
    bob: path('M190 250c0-90 50-130 110-130s110 40 110 130v100q0 20-24 20H214q-24 0-24-20z', hair),
    bun: `<circle cx="300" cy="112" r="46" fill="${hair}"/>`,
    curls: [
      [205, 215, 48],
      [230, 155, 52],
      [300, 128, 58],
      [370, 155, 52],
      [395, 215, 48],
      [208, 275, 36],
      [392, 275, 36],
    ]
      .map(([x, y, r]) => `<circle cx="${x}" cy="${y}" r="${r}" fill="${hair}"/>`)
      .join(''),
    short: '',
  }[cut];
  const fringe =
    cut === 'short'
      ? 'M216 240c-8-74 36-112 90-110 56 2 88 42 80 106-14-40-40-58-70-60-40 0-78 16-100 64z'
      : 'M214 250c0-76 38-116 88-116s86 36 84 112c-30-10-52-34-64-62-18 32-60 60-108 66z';
  return (
    `<circle cx="${size / 2}" cy="330" r="250" fill="#fff" opacity=".22"/>` +
    behind +
    path('M264 340h72v90q-36 34-72 0z', skin) +
    path('M264 372q36 34 72 0v30q-36 30-72 0z', '#000', ' opacity=".1"') +
    path('M110 600c0-110 70-160 150-178q40 34 80 0c80 18 150 68 150 178z', plain) +
    path('M110 600c0-110 70-160 150-178l10 8c-60 40-76 96-76 170z', lit, ' opacity=".5"') +
    path('M260 422q40 34 80 0l12 6q-52 48-104 0z', shaded) +
    oval(300, 270, 84, 104, skin) +
    path(fringe, hair) +
    (beard ? path('M222 296c4 60 36 88 78 88s74-28 78-88c-10 26-40 34-78 34s-68-8-78-34z', hair) : '') +
    oval(270, 272, 6, 7, '#3a2c25') +
    oval(330, 272, 6, 7, '#3a2c25') +
    path('M280 326q20 14 40 0', 'none', ' stroke="#8c4f3c" stroke-width="5" stroke-linecap="round"') +
    (glasses
      ? `<g fill="none" stroke="#4a3a30" stroke-width="5"><circle cx="268" cy="272" r="26"/><circle cx="332" cy="272" r="26"/></g>${box(293, 268, 14, 5, 2, '#4a3a30')}`
      : '')
  );
}

export const portraitSize = size;
