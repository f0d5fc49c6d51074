import { folded, folds, hook, rolled } from '../cloth.ts';
import { COLOUR as C, shade } from '../colour.ts';
import { type Picture, r } from '../picture.ts';
import { type Room, shadow, surface, table } from '../stage.ts';
import { flame, sprig } from '../things.ts';
import { glass, lathe } from '../vessel.ts';
import type { StillLifes } from './still-life.ts';

const LABELS = { fig: C.leaf, cedar: '#8a5a3a', verbena: '#d3b33c' } as const;

function robe(room: Room, colour: string): Picture {
  const p = table(room, 1130);
  hook(p, 600, 120);
  p.line('M600 120v60L380 250M600 180L820 250', C.walnut, 18);
  p.group({ filter: p.raised(14) }, () => {
    p.path(
      'M500 200L390 250C310 290 270 380 220 700L330 730L400 480ZM700 200L810 250C890 290 930 380 980 700L870 730L800 480Z',
      {
        fill: p.linear([
          [0, shade(colour, 0.1)],
          [100, shade(colour, -0.28)],
        ]),
      },
    );
    p.path('M490 196Q600 250 710 196L820 260L830 1070Q600 1100 370 1070L380 260Z', {
      fill: p.linear([
        [0, shade(colour, -0.08)],
        [35, shade(colour, 0.3)],
        [100, shade(colour, -0.22)],
      ]),
    });
  });
  let waffle = '';
  for (let n = 0; n < 18; n++) waffle += `M384 ${300 + n * 42}H822M${390 + n * 25} 300V1066`;
  p.line(waffle, shade(colour, -0.35), 3, { opacity: 0.22 });
  folds(p, [460, 560, 690, 770], 720, 1070, colour);
  p.path('M490 196L600 660L710 196L752 214L622 740H578L448 214Z', {
    fill: shade(colour, 0.2),
    stroke: shade(colour, -0.3),
    'stroke-width': 4,
  });
  p.path('M376 690H826V750H376Z', { fill: shade(colour, -0.1) });
  p.path('M580 680h60v80h-60zM590 750l-40 210h50l20 -210zM620 750l40 180h48l-50 -184z', {
    fill: shade(colour, 0.1),
    stroke: shade(colour, -0.3),
    'stroke-width': 3,
  });
  return p;
}

function label(p: Picture, x: number, y: number, half: number, height: number, accent: string): void {
  p.path(
    `M${x - half} ${y}Q${x} ${y + 26} ${x + half} ${y}V${y + height}Q${x} ${y + height + 26} ${x - half} ${y + height}Z`,
    { fill: C.paper },
  );
  p.ellipse(x, y + height * 0.42, height * 0.24, height * 0.24, { fill: accent });
  p.group({ transform: `translate(${x} ${r(y + height * 0.59)})` }, () => sprig(p, r(height * 0.32), C.paper));
  p.line(`M${x - half * 0.5} ${r(y + height * 0.84)}q${half * 0.5} 14 ${half} 0`, '#5a4a3c', 7);
}

function pump(p: Picture, x: number, y: number, accent: string, size = 1): void {
  p.group({ transform: `translate(${x} ${y})scale(${size})` }, () => {
    lathe(p, {
      x: 0,
      y: 0,
      colour: '#8a4b1c',
      tilt: 0.18,
      profile: [
        [146, 0],
        [156, 18],
        [156, 400],
        [130, 460],
        [60, 490],
        [58, 530],
      ],
    });
    label(p, 0, -340, 150, 230, accent);
    lathe(p, {
      x: 0,
      y: -520,
      colour: C.black,
      tilt: 0.18,
      grounded: false,
      profile: [
        [66, 0],
        [66, 56],
        [24, 66],
        [20, 130],
      ],
    });
    p.path('M-150 -690Q-150 -716 -120 -716H40Q56 -716 56 -690V-650H-34Q-110 -664 -150 -650Z', {
      fill: p.linear(
        [
          [0, '#5a5450'],
          [100, '#1f1c1a'],
        ],
        'down',
      ),
    });
  });
}

function spray(p: Picture, accent: string): void {
  p.closer(1.12, [600, 800]);
  lathe(p, {
    x: 580,
    y: 980,
    colour: '#8a4b1c',
    tilt: 0.18,
    profile: [
      [122, 0],
      [130, 16],
      [130, 430],
      [100, 480],
      [52, 500],
    ],
  });
  label(p, 580, 610, 124, 230, accent);
  lathe(p, {
    x: 580,
    y: 486,
    colour: C.brass,
    finish: 'metal',
    tilt: 0.18,
    grounded: false,
    profile: [
      [58, 0],
      [58, 30],
    ],
  });
  lathe(p, {
    x: 580,
    y: 456,
    colour: C.black,
    tilt: 0.18,
    grounded: false,
    profile: [
      [48, 0],
      [48, 110],
      [44, 118],
    ],
  });
  p.ellipse(546, 392, 8, 8, { fill: '#d8cbb4' });
}

function bar(p: Picture, x: number, y: number, colour: string, grounded = true): void {
  if (grounded) shadow(p, x, y, 190);
  p.rect(x - 200, y - 130, 400, 130, 38, {
    fill: p.linear([
      [0, shade(colour, -0.05)],
      [30, shade(colour, 0.3)],
      [100, shade(colour, -0.3)],
    ]),
  });
  p.path(
    `M${x - 172} ${y - 118}Q${x - 150} ${y - 176} ${x - 110} ${y - 176}H${x + 120}Q${x + 160} ${y - 176} ${x + 176} ${y - 118}Z`,
    { fill: shade(colour, 0.4) },
  );
}

export const bathAndCare: StillLifes = {
  'cotton-bath-towel': [
    () => {
      const p = table('clay');
      for (const [n, colour] of [C.sage, C.sand, C.white].entries())
        folded(p, {
          x: 600,
          y: 1010 - n * 168,
          width: 660 - n * 20,
          thickness: 170,
          colour,
          layers: 3,
          depth: n === 2 ? 90 : 0,
          grounded: n === 0,
        });
      return p;
    },
    () => {
      const p = table('sage');
      rolled(p, 300, 1010, 130, 560, C.sand);
      rolled(p, 420, 762, 125, 480, C.white, false);
      return p;
    },
  ],
  'waffle-robe': [() => robe('sage', C.white), () => robe('cream', C.clay)],
  'bath-mat': [
    () => {
      const p = table('mist');
      rolled(p, 320, 1000, 190, 560, C.sand);
      p.line('M820 640V980M860 644V976', shade(C.sand, -0.3), 6, { opacity: 0.6 });
      return p;
    },
  ],
  'hand-soap': [
    () => {
      const p = table('cream');
      pump(p, 600, 980, LABELS.fig);
      return p;
    },
    () => {
      const p = table('rose');
      const place = p.stamp(() => pump(p, 0, 0, 'currentColor'));
      place('translate(290 930)scale(.92)', LABELS.cedar);
      place('translate(920 930)scale(.92)', LABELS.verbena);
      place('translate(605 1050)', LABELS.fig);
      return p;
    },
  ],
  'soap-bar': [
    () => {
      const p = table('sage');
      p.closer(1.15, [600, 880]);
      bar(p, 420, 990, '#c7c08a');
      bar(p, 800, 1010, '#d9b64f');
      bar(p, 600, 850, '#b9a6c0', false);
      p.path('M536 852V732L552 674H650L664 732V852Z', { fill: C.paper });
      p.line('M536 732H664', '#cdbf9f', 4);
      p.line('M566 784H634M578 812H622', '#6b5d80', 7);
      return p;
    },
  ],
  'soap-dish': [
    () => {
      const p = table('rose');
      lathe(p, {
        x: 600,
        y: 980,
        colour: C.sand,
        tilt: 0.24,
        profile: [
          [270, 0],
          [330, 30],
          [372, 84],
          [378, 96],
        ],
        open: { inside: shade(C.sand, 0.15), filling: C.sand },
      });
      p.line('M330 890H870M300 914H900', shade(C.sand, -0.4), 8, { opacity: 0.45 });
      bar(p, 600, 890, '#cfd0a4', false);
      p.line('M530 800H670', '#8c8d5c', 10, { opacity: 0.6 });
      return p;
    },
  ],
  'hand-cream': [
    () => {
      const p = surface('#c4c7ae');
      p.group({ transform: 'rotate(28 600 600)', filter: p.raised(14) }, () => {
        p.path('M430 180H770L720 900H480Z', {
          fill: p.linear([
            [0, '#8f9391'],
            [20, '#d9dbd6'],
            [50, '#b3b6b2'],
            [80, '#e6e6e0'],
            [100, '#7f8381'],
          ]),
        });
        p.rect(424, 150, 352, 64, 6, {
          fill: p.linear([
            [0, '#7d8180'],
            [50, '#d6d8d4'],
            [100, '#777b7a'],
          ]),
        });
        p.line('M430 172H770M430 190H770', '#6d7170', 3);
        p.path('M462 420H738L722 700H478Z', { fill: C.paper });
        p.rect(500, 900, 200, 130, 14, {
          fill: p.linear([
            [0, '#4b4642'],
            [30, '#6b6560'],
            [100, '#1f1c1a'],
          ]),
        });
        p.line('M530 640H670M550 668H650', '#5a4a3c', 8);
        p.group({ transform: 'translate(600 610)' }, () => sprig(p, 150, LABELS.fig));
      });
      return p;
    },
  ],
  'room-spray': [
    () => {
      const p = table('sage');
      spray(p, LABELS.fig);
      p.group({ transform: 'translate(1040 1070)rotate(-64)' }, () => sprig(p, 340, C.leaf, 0.5));
      return p;
    },
    () => {
      const p = table('honey');
      spray(p, LABELS.cedar);
      p.rect(800, 960, 230, 80, 12, {
        fill: p.linear([
          [0, '#c58d5c'],
          [100, '#7a4c2d'],
        ]),
      });
      p.ellipse(806, 1000, 26, 40, { fill: '#d9a674', stroke: '#8a5a36', 'stroke-width': 5 });
      return p;
    },
  ],
  'scented-candle': [
    () => {
      const p = table('dusk');
      lathe(p, {
        x: 600,
        y: 976,
        colour: '#f2dfb4',
        finish: 'matte',
        tilt: 0.2,
        profile: [
          [176, 0],
          [184, 300],
        ],
        open: {},
      });
      p.closer(1.2, [600, 820]);
      glass(p, {
        x: 600,
        y: 980,
        profile: [
          [190, 0],
          [198, 16],
          [206, 430],
        ],
        tint: C.amber,
        tilt: 0.2,
      });
      flame(p, 600, 668, 60);
      p.path('M470 770Q600 796 730 770V920Q600 946 470 920Z', { fill: C.paper });
      p.ellipse(600, 836, 34, 34, { fill: LABELS.fig });
      p.line('M540 896Q600 906 660 896', '#5a4a3c', 7);
      return p;
    },
  ],
};
