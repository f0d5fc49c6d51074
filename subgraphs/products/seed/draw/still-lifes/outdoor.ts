import { folds } from '../cloth.ts';
import { COLOUR as C, shade } from '../colour.ts';
import { type Picture, polygon } from '../picture.ts';
import { type Room, shadow, surface, table } from '../stage.ts';
import { boule, lemon, mug, scattered, sprig } from '../things.ts';
import { lathe, rod, stopsFor } from '../vessel.ts';
import { plank } from '../wood.ts';
import type { StillLifes } from './still-life.ts';

const ENAMEL = { rim: '#33393f', inside: '#f4eee0' } as const;

function thermos(p: Picture, x: number, y: number, colour: string, size = 1): void {
  p.group({ transform: `translate(${x} ${y})scale(${size})` }, () => {
    lathe(p, {
      x: 0,
      y: 0,
      colour: C.steel,
      finish: 'metal',
      tilt: 0.16,
      profile: [
        [122, 0],
        [128, 12],
        [128, 50],
      ],
    });
    lathe(p, {
      x: 0,
      y: -44,
      colour,
      tilt: 0.16,
      grounded: false,
      profile: [
        [130, 0],
        [132, 380],
        [116, 440],
        [100, 460],
      ],
    });
    lathe(p, {
      x: 0,
      y: -496,
      colour: C.steel,
      finish: 'metal',
      tilt: 0.16,
      grounded: false,
      profile: [
        [104, 0],
        [104, 170],
        [96, 186],
      ],
    });
    p.line('M-104 -480Q0 -462 104 -480', '#6d6c69', 5);
  });
}

function wateringCan(room: Room, colour: string): Picture {
  const p = table(room);
  const finish = colour === C.zinc ? 'metal' : 'glaze';
  rod(p, 'M500 600C520 400 800 400 820 600', 30, colour);
  rod(p, 'M820 640C990 640 990 900 826 900', 34, colour);
  p.path('M420 900L150 470L190 446L420 760Z', {
    fill: p.linear(
      [
        [0, shade(colour, 0.3)],
        [100, shade(colour, -0.3)],
      ],
      'diagonal',
    ),
  });
  p.path(polygon([176, 482], [110, 430], [194, 372], [208, 446]), { fill: shade(C.brass, 0.1) });
  p.ellipse(150, 398, 56, 22, { fill: p.linear(stopsFor(C.brass, 'metal')), transform: 'rotate(-34 150 398)' });
  lathe(p, {
    x: 630,
    y: 970,
    colour,
    finish,
    tilt: 0.18,
    profile: [
      [218, 0],
      [224, 16],
      [216, 200],
      [196, 350],
    ],
    open: { inside: shade(colour, -0.2) },
  });
  p.path('M434 620A196 36 0 0 0 630 657V584A196 36 0 0 0 434 620Z', { fill: shade(colour, 0.2) });
  p.line('M410 930Q630 980 850 930', shade(colour, -0.4), 6, { opacity: 0.5 });
  return p;
}

function pot(p: Picture, x: number, y: number, size: number): void {
  p.group({ transform: `translate(${x} ${y})scale(${size})` }, () => {
    lathe(p, {
      x: 0,
      y: 10,
      colour: C.terracotta,
      finish: 'matte',
      profile: [
        [190, 0],
        [226, 26],
      ],
      open: { inside: shade(C.terracotta, -0.15) },
    });
    lathe(p, {
      x: 0,
      y: -6,
      colour: C.terracotta,
      finish: 'matte',
      grounded: false,
      profile: [
        [140, 0],
        [196, 260],
      ],
    });
    lathe(p, {
      x: 0,
      y: -250,
      colour: shade(C.terracotta, 0.06),
      finish: 'matte',
      grounded: false,
      profile: [
        [214, 0],
        [222, 80],
      ],
      open: { inside: '#5a3a2a', filling: '#4a3226' },
    });
  });
}

/** A woven check; the cloth is whatever shape is filled with it. */
function check(p: Picture, d: string, colour: string, ground: string): void {
  p.path(d, {
    fill: p.linear(
      [
        [0, shade(ground, 0.2)],
        [100, shade(ground, -0.12)],
      ],
      'diagonal',
    ),
    filter: p.raised(14),
  });
  let warp = '';
  for (let n = 0; n < 6; n++) warp += `M${270 + n * 140} 225V975M225 ${270 + n * 140}H975`;
  p.line(warp, colour, 58, { opacity: 0.55, 'stroke-linecap': 'butt' });
}

export const outdoor: StillLifes = {
  'picnic-blanket': [
    () => {
      const p = table('honey');
      const [colour, ground] = [C.moss, C.oat];
      shadow(p, 620, 980, 400);
      p.rect(200, 620, 820, 360, 150, {
        fill: p.linear(
          [
            [0, ground],
            [25, shade(ground, 0.4)],
            [60, ground],
            [100, shade(ground, -0.4)],
          ],
          'down',
        ),
      });
      p.line('M370 628V972M590 620V980M810 622V978M930 660V940', colour, 60, {
        opacity: 0.6,
        'stroke-linecap': 'butt',
      });
      p.line('M300 700H1004M300 830H1012M320 930H970', colour, 46, { opacity: 0.45, 'stroke-linecap': 'butt' });
      p.ellipse(300, 800, 112, 180, { fill: shade(ground, 0.15), stroke: shade(colour, -0.1), 'stroke-width': 10 });
      p.line(
        'M214 800A90 144 0 0 1 384 800A72 112 0 0 1 244 800A54 84 0 0 1 350 800A36 56 0 0 1 272 800',
        shade(colour, -0.15),
        10,
      );
      p.line('M460 616Q476 800 460 984M760 616Q776 800 760 984', C.leather, 40, { 'stroke-linecap': 'butt' });
      rod(p, 'M464 616C480 520 740 520 756 616', 36, C.leather);
      p.rect(438, 690, 62, 74, 8, { fill: 'none', stroke: C.brass, 'stroke-width': 11 });
      p.rect(738, 690, 62, 74, 8, { fill: 'none', stroke: C.brass, 'stroke-width': 11 });
      return p;
    },
    () => {
      const p = surface('#8f9a66');
      p.group({ transform: 'rotate(-12 600 600)' }, () => {
        p.line('M225 230H975M225 970H975', C.oat, 44, { 'stroke-dasharray': '6 18', 'stroke-linecap': 'butt' });
        check(p, 'M225 225H975V975H225Z', C.rust, C.oat);
      });
      p.group({ filter: p.raised(10) }, () => {
        lemon(p, 760, 470, 66);
        lemon(p, 850, 540, 66);
      });
      boule(p, 470, 690, 165);
      return p;
    },
  ],
  'picnic-basket': [
    () => {
      const p = table('sage');
      const colour = C.willow;
      shadow(p, 600, 1000, 390);
      rod(p, 'M360 560C380 300 820 300 840 560', 36, C.leather);
      p.path(polygon([210, 620], [990, 620], [950, 1000], [250, 1000]), {
        fill: p.linear([
          [0, shade(colour, -0.1)],
          [30, shade(colour, 0.22)],
          [100, shade(colour, -0.4)],
        ]),
      });
      let d = '';
      for (let n = 0; n < 9; n++) d += `M${250 + n * 5} ${700 + n * 34}${'q17 -18 34 0t34 0'.repeat(n > 3 ? 9 : 10)}`;
      p.line(d, shade(colour, -0.42), 9, { opacity: 0.6 });
      p.path('M190 560Q200 530 240 530H960Q1000 530 1010 560L1016 650Q600 680 184 650Z', {
        fill: p.linear([
          [0, shade(colour, 0.1)],
          [40, shade(colour, 0.35)],
          [100, shade(colour, -0.3)],
        ]),
      });
      p.line('M196 590Q600 612 1004 590M190 626Q600 650 1010 626', shade(colour, -0.42), 7, { opacity: 0.55 });
      p.line('M380 540V800M820 540V800', C.leather, 44, { 'stroke-linecap': 'butt' });
      for (const x of [350, 790]) p.rect(x, 700, 60, 64, 8, { fill: 'none', stroke: C.brass, 'stroke-width': 11 });
      return p;
    },
  ],
  'camp-mug': [
    () => {
      const p = table('sage');
      mug(p, 560, 980, 1.5, C.cream, ENAMEL);
      return p;
    },
    () => {
      const p = table('honey');
      const place = p.stamp(() => mug(p, 0, 0, 1, 'currentColor', ENAMEL));
      place('translate(350 840)', C.forest);
      place('translate(800 840)', C.cobalt);
      place('translate(300 1070)scale(1.08)', C.cream);
      place('translate(790 1070)scale(1.08)', C.brick);
      return p;
    },
  ],
  'field-thermos': [
    () => {
      const p = table('clay');
      thermos(p, 520, 980, C.forest, 1.1);
      lathe(p, {
        x: 860,
        y: 1030,
        colour: C.steel,
        finish: 'metal',
        tilt: 0.2,
        profile: [
          [100, 0],
          [114, 170],
        ],
        open: { filling: '#8a4a20', inside: C.steel },
      });
      return p;
    },
    () => {
      const p = table('mist');
      thermos(p, 430, 950, C.steel);
      thermos(p, 780, 1030, C.cream, 1.15);
      return p;
    },
  ],
  'lunch-tin': [
    () => {
      const p = table('honey');
      for (const n of [0, 1])
        lathe(p, {
          x: 600,
          y: 970 - n * 190,
          colour: C.steel,
          finish: 'metal',
          tilt: 0.14,
          grounded: n === 0,
          profile: [
            [262, 0],
            [272, 14],
            [272, 180],
            [282, 190],
          ],
        });
      lathe(p, {
        x: 600,
        y: 588,
        colour: C.steel,
        finish: 'metal',
        tilt: 0.14,
        grounded: false,
        profile: [
          [282, 0],
          [276, 30],
          [200, 56],
          [60, 64],
        ],
      });
      p.path('M326 766Q600 806 874 766V778Q600 818 326 778Z', { fill: '#4d4c49', opacity: 0.6 });
      p.line('M318 900V560Q320 480 420 470H780Q880 480 882 560V900', '#77766f', 22);
      p.line('M314 900V560Q316 476 420 464H780', '#dcdbd6', 7);
      rod(p, 'M520 462H680', 34, C.beech);
      p.rect(296, 740, 40, 100, 10, { fill: C.brass });
      p.rect(864, 740, 40, 100, 10, { fill: C.brass });
      return p;
    },
  ],
  'market-tote': [
    () => {
      const p = table('rose');
      const colour = C.natural;
      p.group({ transform: 'translate(720 560)rotate(14)' }, () => {
        p.rect(-40, -250, 80, 400, 36, {
          fill: p.linear(
            [
              [0, '#4f6b3a'],
              [60, '#a9bb78'],
              [100, '#f0efd8'],
            ],
            'down',
          ),
        });
        p.path('M-40 -200L-110 -400L-20 -300L10 -430L40 -300L120 -390L40 -190Z', { fill: '#55703f' });
      });
      p.group({ transform: 'translate(500 600)rotate(-16)' }, () =>
        p.rect(-46, -330, 92, 420, 46, {
          fill: p.linear([
            [0, '#e0aa66'],
            [100, '#8f5626'],
          ]),
        }),
      );
      shadow(p, 600, 1000, 300);
      p.line('M430 580C440 300 520 250 560 250', shade(colour, -0.35), 26, { opacity: 0.8 });
      p.path('M290 560Q600 590 910 560L880 990Q600 1030 320 990Z', {
        fill: p.linear([
          [0, shade(colour, -0.05)],
          [35, shade(colour, 0.35)],
          [100, shade(colour, -0.3)],
        ]),
      });
      folds(p, [400, 560, 760], 640, 990, colour);
      rod(p, 'M430 720C430 200 770 200 770 720', 30, shade(colour, -0.1));
      p.line('M296 610Q600 640 904 610M324 960Q600 1000 876 960', shade(colour, -0.35), 4, {
        'stroke-dasharray': '13 9',
      });
      p.group({ transform: 'translate(600 920)' }, () => sprig(p, 170, C.forest));
      return p;
    },
  ],
  'garden-shears': [
    () => {
      const p = surface('#dccbae', true);
      p.group({ transform: 'translate(560 600)rotate(28)', filter: p.raised(13) }, () => {
        p.path('M-16 -60C-70 -200 -40 -360 20 -440C50 -330 50 -180 30 -40Z', {
          fill: p.linear([
            [0, '#8d8f8f'],
            [60, '#dcdcd7'],
            [100, '#9b9d9c'],
          ]),
        });
        p.path('M20 -70C70 -150 90 -260 66 -350C0 -280 -30 -160 -30 -40Z', {
          fill: p.linear([
            [0, '#c5c6c2'],
            [100, '#76787a'],
          ]),
        });
        rod(p, 'M-10 -40C-120 100 -130 260 -70 470', 54, C.walnut);
        rod(p, 'M10 -40C140 90 160 260 110 460', 54, C.walnut);
        p.line('M-62 150q60 40 120 0t-100 30t110 24', '#77766f', 9);
        p.ellipse(0, -50, 46, 46, { fill: p.linear(stopsFor(C.steel, 'metal')) });
        p.ellipse(0, -50, 17, 17, { fill: C.brass });
      });
      p.group({ transform: 'translate(930 1030)rotate(-14)' }, () => sprig(p, 470, '#6e8060', 0.14));
      return p;
    },
  ],
  'garden-trowel': [
    () => {
      const p = surface('#b9b795');
      p.ellipse(380, 860, 250, 170, { fill: '#6b4a34', opacity: 0.45, filter: p.blur(20) });
      scattered(p, 340, 900, 14, 16, '#5a3d2b');
      p.group({ transform: 'translate(600 600)rotate(38)', filter: p.raised(14) }, () => {
        p.path('M-110 60C-130 260 -60 400 0 460C60 400 130 260 110 60Q60 20 24 20H-24Q-60 20 -110 60Z', {
          fill: p.linear([
            [0, '#7d8082'],
            [38, '#c9cac6'],
            [50, '#8a8c8d'],
            [62, '#dcdcd8'],
            [100, '#6a6d6f'],
          ]),
        });
        p.path('M-20 30V-110H20V30Z', { fill: p.linear(stopsFor(C.steel, 'metal')) });
        p.rect(-34, -150, 68, 56, 8, { fill: p.linear(stopsFor(C.brass, 'metal')) });
        plank(
          p,
          'M-36 -150C-50 -260 -50 -400 -34 -470Q0 -500 34 -470C50 -400 50 -260 36 -150Z',
          C.beech,
          'M-14 -170C-24 -260 -20 -380 -10 -460M14 -180C24 -280 16 -390 12 -450',
        );
        p.line('M0 -470q-70 -70 -10 -110t30 90', C.leather, 11);
      });
      return p;
    },
  ],
  'watering-can': [() => wateringCan('cream', C.zinc), () => wateringCan('clay', C.forest)],
  'terracotta-pot': [
    () => {
      const p = table('cream');
      pot(p, 600, 990, 1);
      p.line('M600 676Q590 580 604 480', '#7a5b40', 20);
      const twig = p.stamp(() => sprig(p, 330, '#86936c', 0.2));
      for (const [turn, x, y] of [
        [-58, 596, 600],
        [56, 602, 570],
        [-30, 598, 520],
        [30, 604, 500],
        [0, 604, 470],
        [-80, 598, 640],
        [76, 600, 630],
      ] as const)
        twig(`translate(${x} ${y})rotate(${turn})`);
      return p;
    },
    () => {
      const p = table('sage');
      const place = p.stamp(() => pot(p, 0, 0, 1));
      place('translate(780 910)scale(1.1)');
      place('translate(380 1000)scale(.86)');
      place('translate(640 1090)scale(.6)');
      return p;
    },
  ],
};
