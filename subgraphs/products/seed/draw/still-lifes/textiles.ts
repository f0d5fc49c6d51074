import { folded, folds, hook, square } from '../cloth.ts';
import { COLOUR as C, shade } from '../colour.ts';
import { type Picture, polygon } from '../picture.ts';
import { type Room, surface, table } from '../stage.ts';
import { sprig } from '../things.ts';
import { glass, lathe } from '../vessel.ts';
import type { StillLifes } from './still-life.ts';

function apron(room: Room, colour: string): Picture {
  const p = table(room, 1120);
  hook(p, 600, 150);
  p.line('M600 160C520 220 480 260 480 340M600 160C680 220 720 260 720 340', shade(colour, -0.3), 20);
  p.path('M470 330H730Q740 500 880 560L900 1040Q600 1070 300 1040L320 560Q460 500 470 330Z', {
    fill: p.linear([
      [0, shade(colour, 0.12)],
      [35, shade(colour, 0.25)],
      [100, shade(colour, -0.25)],
    ]),
    filter: p.raised(14),
  });
  folds(p, [390, 540, 700, 810], 560, 1040, colour);
  p.path('M410 720H580V900Q495 916 410 900ZM620 720H790V900Q705 916 620 900Z', {
    fill: shade(colour, -0.06),
    stroke: shade(colour, -0.35),
    'stroke-width': 5,
  });
  p.line('M486 350H714M420 740H570M630 740H780', shade(colour, -0.4), 4, { 'stroke-dasharray': '13 9' });
  p.line('M320 570C220 620 200 760 230 880M880 570C980 620 1000 760 970 880', shade(colour, -0.2), 16);
  return p;
}

function teaTowel(p: Picture, colour: string, stripe: string): void {
  p.line('M600 150q-30 50 0 90', C.ivory, 10);
  p.path(
    'M600 210C520 260 440 300 400 400L380 1010Q450 990 520 1016T680 1010T820 1000L800 400C760 300 680 260 600 210Z',
    {
      fill: p.linear([
        [0, shade(colour, -0.1)],
        [40, shade(colour, 0.3)],
        [100, shade(colour, -0.2)],
      ]),
      filter: p.raised(12),
    },
  );
  p.path('M383 880Q450 862 520 886T680 880T816 872V920Q750 912 680 928T520 934T381 928Z', { fill: stripe });
  p.line('M382 840Q450 822 520 846T680 840T814 832M380 966Q450 948 520 974T680 968T818 958', stripe, 9);
  folds(p, [480, 590, 710], 320, 1000, colour);
}

export const textiles: StillLifes = {
  'linen-tablecloth': [
    () => {
      const p = table('sage', 600);
      const colour = C.natural;
      p.path(polygon([110, 600], [1090, 600], [1200, 780], [0, 780]), {
        fill: p.linear(
          [
            [0, shade(colour, 0.15)],
            [40, shade(colour, 0.5)],
            [100, colour],
          ],
          'diagonal',
        ),
      });
      p.path('M0 776H1200V1090Q1120 1060 1040 1090T860 1084T680 1096T490 1084T300 1096T120 1084T0 1096Z', {
        fill: p.linear(
          [
            [0, shade(colour, 0.1)],
            [100, shade(colour, -0.22)],
          ],
          'down',
        ),
      });
      folds(p, [90, 260, 430, 620, 800, 1000, 1130], 790, 1090, colour);
      p.line(
        'M0 1060Q60 1050 120 1054T300 1066T490 1054T680 1066T860 1054T1040 1060T1200 1056',
        shade(colour, -0.35),
        4,
        { 'stroke-dasharray': '14 10', opacity: 0.7 },
      );
      for (const n of [0, 1, 2])
        lathe(p, {
          x: 760,
          y: 716 - n * 22,
          colour: C.sand,
          tilt: 0.2,
          grounded: n === 0,
          profile: [
            [110, 0],
            [170, 14],
            [184, 26],
          ],
          open: {},
        });
      lathe(p, {
        x: 360,
        y: 720,
        colour: C.celadon,
        tilt: 0.2,
        profile: [
          [70, 0],
          [104, 40],
          [110, 140],
          [56, 240],
          [60, 270],
        ],
        open: {},
      });
      for (const [turn, x] of [
        [-22, 346],
        [6, 360],
        [28, 374],
      ] as const)
        p.group({ transform: `translate(${x} 460)rotate(${turn})` }, () => sprig(p, 290));
      glass(p, {
        x: 560,
        y: 740,
        profile: [
          [44, 0],
          [50, 8],
          [58, 150],
        ],
        tint: C.glass,
        liquid: { colour: '#cfdfdd', level: 90 },
      });
      return p;
    },
    () => {
      const p = table('cream');
      folded(p, { x: 600, y: 1010, width: 700, thickness: 130, colour: C.rust, layers: 4, depth: 0 });
      folded(p, { x: 590, y: 882, width: 680, thickness: 130, colour: C.sage, layers: 4, depth: 0, grounded: false });
      folded(p, {
        x: 604,
        y: 754,
        width: 690,
        thickness: 130,
        colour: C.natural,
        layers: 4,
        depth: 110,
        grounded: false,
      });
      return p;
    },
  ],
  'linen-napkins': [
    () => {
      const p = surface('#d9bd98', true);
      p.group({ transform: 'translate(600 610)rotate(45)', filter: p.raised(10) }, () => square(p, 330, C.sage));
      p.path('M134 610L600 144L1066 610Z', { fill: shade(C.sage, 0.28), filter: p.raised(8) });
      p.line('M214 580L600 196L986 580', shade(C.sage, -0.3), 4, { 'stroke-dasharray': '12 9', opacity: 0.6 });
      p.group({ transform: 'translate(600 930)rotate(6)' }, () => sprig(p, 480, '#6d7a52', 0.12));
      return p;
    },
    () => {
      const p = surface('#e6d6bd');
      for (const [n, colour] of [C.ink, C.rust, C.sage, C.natural].entries()) {
        p.group(
          { transform: `translate(${380 + n * 150} ${400 + n * 140})rotate(${-10 + n * 5})`, filter: p.raised(12) },
          () => square(p, 265, colour),
        );
      }
      return p;
    },
  ],
  'tea-towels': [
    () => {
      const p = table('clay', 1130);
      hook(p, 600, 180);
      teaTowel(p, C.ivory, C.rust);
      return p;
    },
  ],
  'apron-workshop': [() => apron('sage', C.natural), () => apron('cream', C.moss)],
  'oven-mitt': [
    () => {
      const p = surface('#d5c8ad');
      const d =
        'M430 1000L420 620C400 560 300 560 290 480S360 400 420 440L436 460C420 240 520 170 620 180S800 270 790 480L770 1000Z';
      p.group({ transform: 'rotate(12 600 600)', filter: p.raised(16) }, () => {
        p.path(d, {
          fill: p.linear([
            [0, shade(C.rust, 0.28)],
            [50, C.rust],
            [100, shade(C.rust, -0.25)],
          ]),
        });
        p.line(
          'M450 330L780 660M470 250L786 560M560 200L790 430M430 470L775 810M425 610L772 950M430 760L670 1000M780 360L440 700M770 270L430 620M660 196L430 420M784 520L436 870M778 670L470 980M772 830L610 990',
          shade(C.rust, -0.35),
          5,
          { 'stroke-dasharray': '13 9', opacity: 0.55 },
        );
        p.rect(410, 930, 380, 100, 20, { fill: shade(C.natural, 0.1) });
        p.line('M780 1000q70 10 60 70t-70 -20', C.natural, 14);
      });
      return p;
    },
  ],
  'wool-throw': [
    () => {
      const p = table('mist');
      folded(p, { x: 570, y: 1000, width: 720, thickness: 230, colour: C.rust, layers: 4, depth: 120, fringe: true });
      return p;
    },
    () => {
      const p = table('rose');
      for (const [n, colour] of [C.ink, C.moss, C.rust, C.oat].entries()) {
        folded(p, {
          x: 570 + (n % 2) * 16,
          y: 1040 - n * 128,
          width: 700,
          thickness: 130,
          colour,
          layers: 3,
          depth: n === 3 ? 100 : 0,
          fringe: true,
          grounded: n === 0,
        });
      }
      return p;
    },
  ],
  'cushion-cover': [
    () => {
      const p = table('clay');
      const colour = C.sage;
      p.ellipse(640, 985, 420, 50, { fill: '#33241b', opacity: 0.4, filter: p.blur(20) });
      p.path('M250 360Q600 300 950 360Q1000 660 950 970Q600 1020 250 970Q200 660 250 360Z', {
        fill: p.radial(
          [
            [0, shade(colour, 0.4)],
            [60, colour],
            [100, shade(colour, -0.3)],
          ],
          [0.4, 0.36],
          0.75,
        ),
      });
      p.line('M290 398Q600 345 910 398Q952 660 910 930Q600 976 290 930Q248 660 290 398', shade(colour, -0.35), 4, {
        'stroke-dasharray': '13 9',
        opacity: 0.6,
      });
      p.line(
        'M262 372Q340 440 380 540M938 372Q880 450 850 520M262 960Q350 900 390 830M938 960Q880 910 830 860',
        shade(colour, -0.45),
        18,
        { opacity: 0.25, filter: p.blur(8) },
      );
      return p;
    },
  ],
};
