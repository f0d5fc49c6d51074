import { folded, folds, hook, square } from '../cloth.ts';
import { COLOUR as C, shade } from '../colour.ts';
import { type Picture, polygon } from '../picture.ts';
import { type Room, shadow, surface, table } from '../stage.ts';
import { sprig } from '../things.ts';
import { lathe } from '../vessel.ts';
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
      p.path('M0 776H1200V1090Q1120 1060 1040 1090T680 1090T300 1096T0 1090Z', {
        fill: p.linear(
          [
            [0, shade(colour, 0.1)],
            [100, shade(colour, -0.22)],
          ],
          'down',
        ),
      });
      folds(p, [90, 300, 520, 760, 1000], 790, 1090, colour);

      shadow(p, 760, 716, 160);
      for (const lift of [0, 22, 44]) {
        p.ellipse(760, 704 - lift, 184, 36, { fill: shade(C.sand, -0.3) });
        p.ellipse(760, 692 - lift, 184, 36, { fill: shade(C.sand, 0.25) });
      }
      p.ellipse(760, 650, 150, 25, { fill: C.sand });
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
      });
      p.ellipse(360, 450, 54, 11, { fill: shade(C.celadon, -0.45) });
      const twig = p.stamp(() => sprig(p, 290));
      for (const [turn, x] of [
        [-22, 346],
        [6, 360],
        [28, 374],
      ] as const)
        twig(`translate(${x} 460)rotate(${turn})`);
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
      p.group({ transform: 'translate(600 930)rotate(6)' }, () => sprig(p, 520, '#6d7a52', 0.14));
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
      p.path('M226 330Q600 400 974 330Q920 660 974 1000Q600 930 226 1000Q280 660 226 330Z', {
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
      p.line('M272 376Q600 436 928 376Q880 660 928 954Q600 894 272 954Q320 660 272 376', shade(colour, -0.35), 4, {
        'stroke-dasharray': '13 9',
        opacity: 0.6,
      });
      p.line(
        'M262 372Q350 450 400 560M938 372Q860 450 820 540M262 960Q350 890 400 810M938 960Q860 890 820 820',
        shade(colour, -0.45),
        18,
        { opacity: 0.25, filter: p.blur(8) },
      );
      return p;
    },
  ],
};
