import { COLOUR as C, shade } from '../colour.ts';
import { type Picture, polygon } from '../picture.ts';
import { type Room, shadow, surface, table } from '../stage.ts';
import { lathe, stopsFor } from '../vessel.ts';
import { plank } from '../wood.ts';
import type { StillLifes } from './still-life.ts';

/** A closed notebook from above, centred on (0, 0). */
function notebook(p: Picture, colour: string, ribbon: string): void {
  p.line('M-40 400L-60 490', ribbon, 16);
  p.rect(-272, -396, 560, 800, 12, { fill: '#efe3c9' });
  p.line('M282 -380V390', '#c9b894', 4);
  p.rect(-290, -404, 570, 808, 18, {
    fill: p.linear([
      [0, shade(colour, -0.3)],
      [9, shade(colour, -0.1)],
      [10, shade(colour, -0.35)],
      [12, shade(colour, 0.2)],
      [100, shade(colour, -0.08)],
    ]),
  });
  p.rect(-70, -250, 200, 110, 4, { fill: C.paper, opacity: 0.95 });
  p.line('M-40 -206H100M-20 -180H80', '#7d6a52', 6);
}

/** An open pen, nib to the left, centred on (0, 0). */
function pen(p: Picture, colour: string): void {
  p.path('M-470 0C-430 -10 -390 -34 -330 -32V32C-390 34 -430 10 -470 0Z', {
    fill: p.linear(
      [
        [0, '#f3dfa8'],
        [50, C.brass],
        [100, '#7d5c20'],
      ],
      'down',
    ),
  });
  p.line('M-468 0H-380', '#4a3714', 4);
  p.ellipse(-376, 0, 8, 8, { fill: '#4a3714' });
  p.path('M-332 -30L-190 -42V42L-332 30Z', { fill: '#26221f' });
  p.rect(-196, -46, 22, 92, 4, { fill: C.brass });
  p.path('M-176 -50H240C340 -46 390 -24 392 0S340 46 240 50H-176Z', {
    fill: p.linear(
      [
        [0, shade(colour, -0.1)],
        [22, shade(colour, 0.5)],
        [45, colour],
        [100, shade(colour, -0.45)],
      ],
      'down',
    ),
  });
  p.rect(230, -50, 16, 100, 2, { fill: C.brass });
}

function cap(p: Picture, colour: string): void {
  p.path('M-180 -54H120C180 -50 200 -28 200 0S180 50 120 54H-180Z', {
    fill: p.linear(
      [
        [0, shade(colour, -0.1)],
        [22, shade(colour, 0.5)],
        [45, colour],
        [100, shade(colour, -0.45)],
      ],
      'down',
    ),
  });
  p.rect(-180, -55, 30, 110, 2, { fill: C.brass });
  p.rect(-110, -12, 280, 22, 11, { fill: p.linear(stopsFor(C.brass, 'metal'), 'down') });
}

function pencil(p: Picture, x: number, y: number, length: number, colour: string): void {
  p.path(polygon([x - 22, y], [x - 22, y - length], [x, y - length - 90], [x + 22, y - length], [x + 22, y]), {
    fill: '#e6c492',
  });
  p.path(polygon([x - 8, y - length - 58], [x, y - length - 90], [x + 8, y - length - 58]), { fill: '#2b2826' });
  p.path(`M${x - 22} ${y}V${y - length}q7 -16 14 0q8 -16 16 0q7 -16 14 0V${y}Z`, {
    fill: p.linear([
      [0, shade(colour, 0.3)],
      [33, shade(colour, 0.2)],
      [34, colour],
      [66, colour],
      [67, shade(colour, -0.3)],
      [100, shade(colour, -0.35)],
    ]),
  });
}

function tray(background: string, wood: string, filled: boolean): Picture {
  const p = surface(background);
  p.group({ transform: 'rotate(-8 600 600)' }, () => {
    p.group({ filter: p.raised(14) }, () =>
      plank(
        p,
        'M150 300Q150 270 180 270H1020Q1050 270 1050 300V900Q1050 930 1020 930H180Q150 930 150 900Z',
        wood,
        'M170 284Q600 276 1030 286M170 916Q600 924 1030 914',
      ),
    );
    for (const [x, y, w, h] of [
      [190, 310, 480, 580],
      [710, 310, 300, 270],
      [710, 620, 300, 270],
    ] as const) {
      p.rect(x, y, w, h, 12, {
        fill: p.linear(
          [
            [0, shade(wood, -0.5)],
            [30, shade(wood, -0.1)],
            [100, shade(wood, 0.14)],
          ],
          'diagonal',
        ),
      });
    }
    if (!filled) {
      p.group({ transform: 'translate(430 600)rotate(-80)scale(.55)', filter: p.raised(8) }, () => pen(p, C.bordeaux));
      return;
    }
    p.group({ transform: 'translate(430 600)rotate(-70)scale(.55)', filter: p.raised(8) }, () => pen(p, C.ink));
    p.group({ transform: 'translate(330 600)rotate(4)', filter: p.raised(6) }, () => pencil(p, 0, 240, 380, C.ochre));
    p.group({ transform: 'translate(560 600)rotate(-5)', filter: p.raised(6) }, () => pencil(p, 0, 240, 330, C.rust));
    p.line(
      'M770 390v100a22 22 0 0 0 44 0v-124a34 34 0 0 0 -68 0v110M880 480h80a22 22 0 0 0 0 -44h-104a34 34 0 0 0 0 68h70',
      C.brass,
      9,
    );
    p.rect(760, 670, 190, 120, 8, { fill: C.paper, filter: p.raised(5) });
  });
  return p;
}

function lamp(room: Room, colour: string): Picture {
  const p = table(room);
  p.path('M300 480L120 960H760L520 480Z', {
    fill: p.linear(
      [
        [0, '#ffe7a8', 0.75],
        [100, '#ffe7a8', 0],
      ],
      'down',
    ),
    filter: p.blur(20),
  });
  lathe(p, {
    x: 790,
    y: 990,
    colour,
    finish: 'metal',
    tilt: 0.2,
    profile: [
      [190, 0],
      [196, 18],
      [180, 40],
      [20, 56],
    ],
  });
  p.line('M790 930L900 560L520 330', shade(colour, -0.3), 24, { 'stroke-linejoin': 'round' });
  p.line('M784 930L894 560L516 330', shade(colour, 0.35), 8, { 'stroke-linejoin': 'round' });
  p.ellipse(897, 560, 26, 26, { fill: C.brass });
  p.group({ transform: 'rotate(14 440 400)' }, () => {
    p.ellipse(430, 500, 176, 34, { fill: '#fff1c4' });
    lathe(p, {
      x: 430,
      y: 500,
      colour,
      finish: 'metal',
      tilt: 0.06,
      grounded: false,
      profile: [
        [182, 0],
        [170, 40],
        [110, 120],
        [60, 160],
        [48, 210],
        [10, 214],
      ],
    });
  });
  p.ellipse(790, 944, 14, 10, { fill: C.brass });
  return p;
}

export const desk: StillLifes = {
  'notebook-linen': [
    () => {
      const p = surface('#d6c3a8', true);
      p.group({ transform: 'translate(600 570)rotate(-9)', filter: p.raised(16) }, () => notebook(p, C.ochre, C.rust));
      return p;
    },
    () => {
      const p = table('rose');
      shadow(p, 600, 1000, 330);
      for (const [n, colour] of [C.ink, C.forest, C.ochre].entries()) {
        const [x, y] = [240 + n * 26, 860 - n * 118];
        p.rect(x + 10, y + 14, 690, 100, 4, {
          fill: p.linear([
            [0, '#f4ead4'],
            [100, '#cbbb98'],
          ]),
        });
        p.line(
          `M${x + 20} ${y + 40}H${x + 696}M${x + 20} ${y + 66}H${x + 696}M${x + 20} ${y + 90}H${x + 696}`,
          '#b9a884',
          3,
        );
        p.path(
          `M${x + 708} ${y}H${x + 20}Q${x - 14} ${y + 64} ${x + 20} ${y + 128}H${x + 708}V${y + 112}H${x + 30}Q${x + 14} ${y + 64} ${x + 30} ${y + 16}H${x + 708}Z`,
          { fill: shade(colour, -0.1) },
        );
        if (n === 2)
          p.path(polygon([x + 14, y], [x + 90, y - 70], [x + 640, y - 70], [x + 708, y]), { fill: shade(colour, 0.2) });
      }
      p.line('M900 730q40 60 10 130', C.rust, 14);
      return p;
    },
  ],
  'writing-paper': [
    () => {
      const p = surface('#b9a58c');
      p.group({ transform: 'rotate(-12 500 560)', filter: p.raised(9) }, () =>
        p.rect(260, 170, 520, 720, 4, {
          fill: p.linear(
            [
              [0, '#fffaf0'],
              [100, C.ivory],
            ],
            'diagonal',
          ),
        }),
      );
      p.group({ transform: 'rotate(10 700 760)', filter: p.raised(12) }, () => {
        p.rect(380, 560, 640, 420, 6, {
          fill: p.linear(
            [
              [0, '#fdf5e2'],
              [100, '#e3d3b0'],
            ],
            'diagonal',
          ),
        });
        p.path('M380 566L700 800L1020 566', { fill: '#f8edd3', stroke: '#c9b78f', 'stroke-width': 5 });
        p.ellipse(700, 796, 46, 46, {
          fill: p.radial(
            [
              [0, '#c9604a'],
              [100, '#7d2a22'],
            ],
            [0.4, 0.35],
            0.7,
          ),
        });
        p.ellipse(700, 796, 26, 26, { fill: 'none', stroke: '#8d352a', 'stroke-width': 5 });
      });
      p.line('M380 330q70 -40 130 -10t150 -30M390 400q90 -30 170 -20t140 -30M410 470q60 -20 150 -20', '#4b566b', 5, {
        opacity: 0.7,
      });
      return p;
    },
  ],
  'fountain-pen': [
    () => {
      const p = surface('#dccbb0');
      p.group({ transform: 'translate(570 540)rotate(-34)', filter: p.raised(13) }, () => pen(p, C.black));
      p.group({ transform: 'translate(770 860)rotate(-34)', filter: p.raised(13) }, () => cap(p, C.black));
      return p;
    },
    () => {
      const p = surface('#b98f68', true);
      p.group({ transform: 'rotate(-6 600 600)', filter: p.raised(8) }, () =>
        p.rect(250, 120, 700, 960, 4, {
          fill: p.linear(
            [
              [0, '#fffaf0'],
              [100, '#efe2c6'],
            ],
            'diagonal',
          ),
        }),
      );
      p.line(
        'M330 330c40 -90 90 -70 60 0s20 60 60 0s60 -60 70 0s60 20 90 -20s80 -20 90 10M340 450c60 -60 90 -20 140 -10s90 -40 140 0',
        C.ink,
        7,
      );
      p.group({ transform: 'translate(690 720)rotate(28)scale(1 1)', filter: p.raised(11) }, () => pen(p, C.bordeaux));
      return p;
    },
  ],
  'ink-bottle': [
    () => {
      const p = table('cream');
      shadow(p, 560, 970, 230);
      p.path('M330 960L350 640Q360 600 420 590H700Q760 600 770 640L790 960Q560 990 330 960Z', {
        fill: p.linear([
          [0, '#aab8b5', 0.8],
          [14, '#fff', 0.7],
          [50, '#c7d3cf', 0.55],
          [100, '#7d8b88', 0.85],
        ]),
      });
      p.path('M366 930L382 680Q560 700 738 680L754 930Q560 954 366 930Z', {
        fill: p.linear([
          [0, '#24324d'],
          [30, '#3d5680'],
          [100, '#16203a'],
        ]),
      });
      lathe(p, {
        x: 560,
        y: 600,
        colour: C.black,
        tilt: 0.16,
        grounded: false,
        profile: [
          [110, 0],
          [116, 20],
          [116, 130],
          [108, 142],
        ],
      });
      p.rect(440, 740, 240, 130, 4, { fill: C.paper });
      p.line('M480 790H640M510 826H610', C.ink, 8);
      p.path('M860 1010c60 -40 150 -20 190 -40s40 60 -30 80s-190 30 -160 -40', { fill: '#2d4268', opacity: 0.85 });
      return p;
    },
  ],
  'pencil-set': [
    () => {
      const p = surface('#c9cbb4');
      for (const [n, colour] of [C.rust, C.ochre, C.moss, C.forest, C.ink, C.bordeaux].entries()) {
        p.group(
          { transform: `translate(${330 + n * 108} ${n % 2 ? 960 : 985})scale(1.5)`, filter: p.raised(7) },
          () => {
            pencil(p, 0, 0, 390, colour);
            p.rect(-22, -50, 44, 12, 0, { fill: C.brass });
          },
        );
      }
      return p;
    },
  ],
  'desk-tray': [() => tray('#d3c8b2', C.oak, true), () => tray('#cfa98a', C.walnut, false)],
  'pencil-cup': [
    () => {
      const p = table('sage');
      for (const [n, colour] of [C.rust, C.ochre, C.ink, C.forest].entries()) {
        const turn = -13 + n * 9;
        p.group({ transform: `translate(${500 + n * 62} 760)rotate(${turn})` }, () =>
          pencil(p, 0, 0, 300 + (n % 3) * 34, colour),
        );
      }
      p.group({ transform: 'translate(720 760)rotate(20)' }, () => {
        p.rect(-32, -380, 64, 400, 2, { fill: C.beech });
        p.line('M30 -360h-24M30 -320h-16M30 -280h-24M30 -240h-16M30 -200h-24', '#6b4a2a', 4);
      });
      lathe(p, {
        x: 600,
        y: 980,
        colour: C.sand,
        tilt: 0.18,
        profile: [
          [178, 0],
          [190, 20],
          [194, 370],
        ],
      });
      p.path('M406 610A194 35 0 0 0 794 610L782 610A182 24 0 0 1 418 610Z', { fill: shade(C.sand, 0.4) });
      return p;
    },
  ],
  'desk-lamp': [() => lamp('cream', '#3a3633'), () => lamp('clay', C.brass)],
};
