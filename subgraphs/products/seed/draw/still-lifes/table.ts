import { square } from '../cloth.ts';
import { COLOUR as C, shade } from '../colour.ts';
import { type Picture, polygon } from '../picture.ts';
import { type Room, shadow, surface, table } from '../stage.ts';
import { cutlery, flame, lemon, loaf, scattered, sprig } from '../things.ts';
import { glass, lathe, type Profile, rod } from '../vessel.ts';
import type { StillLifes } from './still-life.ts';

const TUMBLER: Profile = [
  [98, 0],
  [112, 14],
  [122, 180],
  [128, 330],
];
const CARAFE: Profile = [
  [150, 0],
  [176, 24],
  [184, 170],
  [150, 300],
  [84, 410],
  [74, 470],
  [96, 560],
];

function plate(p: Picture, x: number, y: number, radius: number, colour: string): void {
  p.ellipse(x, y, radius, radius, {
    fill: p.linear(
      [
        [0, shade(colour, 0.35)],
        [55, colour],
        [100, shade(colour, -0.22)],
      ],
      'diagonal',
    ),
    filter: p.raised(14),
  });
  p.ellipse(x, y, radius * 0.9, radius * 0.9, {
    fill: p.linear(
      [
        [0, shade(colour, -0.16)],
        [100, shade(colour, 0.3)],
      ],
      'diagonal',
    ),
  });
  p.ellipse(x, y, radius * 0.86, radius * 0.86, {
    fill: p.radial(
      [
        [0, shade(colour, 0.18)],
        [100, colour],
      ],
      [0.42, 0.4],
      0.7,
    ),
  });
}

function speckles(p: Picture, x: number, y: number, radius: number, colour: string): void {
  let d = '';
  for (let n = 0; n < 26; n++) {
    const [turn, out] = [n * 2.4, radius * Math.sqrt((n + 0.5) / 26)];
    d += `M${Math.round(x + Math.cos(turn) * out)} ${Math.round(y + Math.sin(turn) * out)}h.1`;
  }
  p.line(d, shade(colour, -0.5), 7, { opacity: 0.45 });
}

function platter(p: Picture, colour: string): void {
  p.group({ transform: 'translate(600 600)rotate(-18)' }, () => {
    p.ellipse(0, 0, 480, 310, {
      fill: p.linear(
        [
          [0, shade(colour, 0.35)],
          [55, colour],
          [100, shade(colour, -0.3)],
        ],
        'diagonal',
      ),
      filter: p.raised(16),
    });
    p.ellipse(0, 0, 440, 272, {
      fill: p.linear(
        [
          [0, shade(colour, -0.22)],
          [100, shade(colour, 0.22)],
        ],
        'diagonal',
      ),
    });
    p.ellipse(0, 0, 420, 254, {
      fill: p.radial(
        [
          [0, shade(colour, 0.16)],
          [100, colour],
        ],
        [0.42, 0.4],
        0.7,
      ),
    });
  });
}

function bowl(p: Picture, x: number, y: number, radius: number, colour: string, filling?: string): void {
  const r = radius;
  const profile: Profile = [
    [r * 0.42, 0],
    [r * 0.44, r * 0.1],
    [r * 0.78, r * 0.34],
    [r * 0.96, r * 0.66],
    [r, r * 0.8],
  ];
  lathe(p, { x, y, colour, tilt: 0.28, profile, open: filling ? { filling } : {} });
}

function wineGlasses(
  p: Picture,
  ...glasses: readonly (readonly [x: number, y: number, wide: number, wine: string])[]
): void {
  const foot = p.stamp(() => {
    shadow(p, 0, 0, 130, 0.25);
    const fill = p.linear([
      [0, '#9dada5', 0.6],
      [40, '#fff', 0.75],
      [100, '#84938b', 0.6],
    ]);
    p.ellipse(0, 0, 138, 24, { fill, stroke: '#fff', 'stroke-opacity': 0.6, 'stroke-width': 3 });
    p.path('M-9 -350C-7 -120 -10 -40 -60 -4H60C10 -40 7 -120 9 -350Z', { fill });
  });
  for (const [x, y, wide, wine] of glasses) {
    foot(`translate(${x} ${y})`);
    const profile: Profile = [
      [8, 0],
      [wide * 0.62, 50],
      [wide, 160],
      [wide * 0.94, 270],
      [wide * 0.72, 420],
    ];
    glass(p, { x, y: y - 340, profile, tint: C.glass, tilt: 0.14, liquid: { colour: wine, level: 180, from: 6 } });
  }
}

function carafe(p: Picture, x: number, y: number, tint: string): void {
  p.closer(1.2, [600, 820]);
  glass(p, { x, y, profile: CARAFE, tint, tilt: 0.16, liquid: { colour: '#cfdcd8', level: 330 } });
  lathe(p, {
    x,
    y: y - 540,
    colour: C.beech,
    finish: 'matte',
    tilt: 0.16,
    grounded: false,
    profile: [
      [78, 0],
      [92, 22],
      [96, 76],
      [84, 104],
    ],
  });
}

function holder(p: Picture, x: number, y: number, colour: string, height: number): void {
  const metal = { x, colour, finish: 'metal', tilt: 0.2 } as const;
  lathe(p, {
    ...metal,
    y,
    profile: [
      [150, 0],
      [196, 24],
      [206, 36],
    ],
    open: { inside: colour },
  });
  lathe(p, {
    ...metal,
    y: y - 20,
    grounded: false,
    profile: [
      [60, 0],
      [26, 34],
      [26, height - 66],
      [54, height - 40],
      [54, height],
    ],
    open: { inside: shade(colour, -0.4) },
  });
}

function candle(p: Picture, x: number, y: number, height: number): void {
  lathe(p, {
    x,
    y,
    colour: C.ivory,
    finish: 'matte',
    tilt: 0.2,
    grounded: false,
    profile: [
      [38, 0],
      [34, height],
    ],
    open: { inside: '#fff3d2' },
  });
}

function weave(p: Picture, x: number, y: number, half: number, height: number, colour: string): void {
  shadow(p, x, y, half * 0.95);
  p.path(polygon([x - half, y - height], [x + half, y - height], [x + half * 0.86, y], [x - half * 0.86, y]), {
    fill: p.linear([
      [0, shade(colour, -0.15)],
      [30, shade(colour, 0.2)],
      [100, shade(colour, -0.4)],
    ]),
  });
  let d = '';
  for (let row = 0; row * 34 < height; row++) {
    const inset = half * (0.86 + 0.14 * (1 - (row * 34) / height)) - 14;
    d += `M${Math.round(x - inset)} ${Math.round(y - height + 20 + row * 34)}${'q16 -16 32 0t32 0'.repeat(Math.floor(inset / 32))}`;
  }
  p.line(d, shade(colour, -0.4), 9, { opacity: 0.6 });
  rod(p, `M${x - half - 4} ${y - height}H${x + half + 4}`, 34, colour);
}

function book(p: Picture, x: number, y: number, width: number, height: number, colour: string): void {
  shadow(p, x + width / 2, y, width * 0.6);
  p.path(
    polygon(
      [x + width, y - height + 8],
      [x + width + 70, y - height - 26],
      [x + width + 70, y - 44],
      [x + width, y - 6],
    ),
    {
      fill: p.linear([
        [0, '#e8dcc4'],
        [100, '#c4b393'],
      ]),
    },
  );
  p.path(
    polygon([x + 6, y - height], [x + 80, y - height - 34], [x + width + 74, y - height - 34], [x + width, y - height]),
    { fill: shade(colour, 0.15) },
  );
  p.rect(x, y - height, width, height, 8, {
    fill: p.linear([
      [0, shade(colour, -0.35)],
      [7, shade(colour, 0.1)],
      [10, shade(colour, -0.2)],
      [14, shade(colour, 0.15)],
      [100, shade(colour, -0.15)],
    ]),
  });
}

function tumblers(room: Room, glasses: readonly (readonly [number, number, string])[]): Picture {
  const p = table(room);
  p.closer(1.1);
  const place = p.stamp(() =>
    glass(p, { x: 0, y: 0, profile: TUMBLER, tint: 'currentColor', liquid: { colour: '#cfdfdd', level: 190 } }),
  );
  for (const [x, y, tint] of glasses) place(`translate(${x} ${y})scale(${glasses.length > 1 ? 1.1 : 1.5})`, tint);
  return p;
}

export const tableware: StillLifes = {
  'dinner-plate-sand': [
    () => {
      const p = surface('#c9a07c');
      p.group({ transform: 'translate(600 600)rotate(8)', filter: p.raised(6) }, () => square(p, 500, C.natural));
      plate(p, 620, 590, 390, C.sand);
      speckles(p, 620, 590, 330, C.sand);
      p.group({ transform: 'translate(150 620)', filter: p.raised(8) }, () => cutlery(p, 'fork'));
      return p;
    },
    () => {
      const p = table('sage');
      shadow(p, 600, 980, 280);
      const place = p.stamp(() =>
        lathe(p, {
          x: 600,
          y: 980,
          colour: C.sand,
          tilt: 0.2,
          grounded: false,
          profile: [
            [210, 0],
            [320, 20],
            [350, 46],
          ],
          open: {},
        }),
      );
      for (let n = 0; n < 5; n++) place(`translate(0 ${n * -44})`);
      return p;
    },
  ],
  'porcelain-bowl': [
    () => {
      const p = table('clay');
      bowl(p, 600, 960, 340, C.chalk);
      return p;
    },
    () => {
      const p = table('honey');
      bowl(p, 600, 990, 350, C.celadon);
      lathe(p, {
        x: 600,
        y: 800,
        colour: C.chalk,
        tilt: 0.28,
        grounded: false,
        profile: [
          [180, 0],
          [250, 60],
          [264, 90],
        ],
        open: {},
      });
      lathe(p, {
        x: 600,
        y: 764,
        colour: C.celadon,
        tilt: 0.28,
        grounded: false,
        profile: [
          [130, 0],
          [180, 70],
          [190, 96],
        ],
        open: {},
      });
      return p;
    },
  ],
  'serving-platter': [
    () => {
      const p = surface('#b5b99d');
      platter(p, C.sand);
      for (const [x, y] of [
        [430, 640],
        [590, 560],
        [560, 720],
      ] as const)
        lemon(p, x, y, 92);
      p.group({ transform: 'translate(700 730)rotate(50)' }, () => sprig(p, 340));
      return p;
    },
    () => {
      const p = surface('#e2cbab');
      platter(p, C.ink);
      return p;
    },
  ],
  'cutlery-set': [
    () => {
      const p = surface('#9aa088');
      p.group({ transform: 'translate(600 620)rotate(4)', filter: p.raised(6) }, () => square(p, 460, C.natural));
      (['fork', 'knife', 'spoon', 'spoon'] as const).forEach((kind, n) => {
        const small = n === 3 ? 'scale(.8)' : '';
        p.group(
          {
            transform: `translate(${330 + n * 185} ${n === 3 ? 660 : 610})rotate(4)${small}scale(1.15)`,
            filter: p.raised(7),
          },
          () => cutlery(p, kind),
        );
      });
      return p;
    },
  ],
  'salad-servers': [
    () => {
      const p = surface('#dcc0a4');
      for (const [turn, fork] of [
        [-16, false],
        [18, true],
      ] as const) {
        p.group(
          { transform: `translate(${fork ? 660 : 540} 700)rotate(${turn})scale(1.2)`, filter: p.raised(11) },
          () => cutlery(p, fork ? 'fork' : 'spoon', C.olive),
        );
      }
      p.group({ transform: 'translate(1000 1100)rotate(-30)' }, () => sprig(p, 340));
      return p;
    },
  ],
  'cake-stand': [
    () => {
      const p = table('rose');
      p.closer(1.15, [600, 840]);
      lathe(p, {
        x: 600,
        y: 980,
        colour: C.chalk,
        tilt: 0.16,
        profile: [
          [190, 0],
          [180, 26],
          [80, 70],
          [58, 150],
          [110, 200],
        ],
      });
      lathe(p, {
        x: 600,
        y: 800,
        colour: C.chalk,
        tilt: 0.16,
        grounded: false,
        profile: [
          [260, 0],
          [356, 20],
          [364, 40],
        ],
        open: {},
      });
      lathe(p, {
        x: 600,
        y: 770,
        colour: '#c88d52',
        finish: 'matte',
        tilt: 0.16,
        grounded: false,
        profile: [
          [240, 0],
          [246, 150],
        ],
        open: { inside: '#f6e6c8', filling: '#f9eed8' },
      });
      for (const [x, y] of [
        [480, 612],
        [560, 634],
        [650, 636],
        [730, 614],
        [600, 592],
      ] as const)
        p.ellipse(x, y, 30, 28, {
          fill: p.radial(
            [
              [0, '#d9705a'],
              [100, '#8e2b2b'],
            ],
            [0.35, 0.3],
            0.8,
          ),
        });
      return p;
    },
  ],
  'water-glass': [
    () => tumblers('mist', [[600, 970, C.glass]]),
    () =>
      tumblers('cream', [
        [320, 910, C.amber],
        [870, 910, C.smoke],
        [600, 1040, C.glass],
      ]),
  ],
  'wine-glass-alba': [
    () => {
      const p = table('clay');
      p.closer(1.12, [600, 700]);
      wineGlasses(p, [600, 1010, 190, '#7a1f2c']);
      return p;
    },
    () => {
      const p = table('sage');
      wineGlasses(p, [770, 940, 178, '#7a1f2c'], [430, 1030, 150, '#e8cf7a']);
      return p;
    },
  ],
  'carafe-linden': [
    () => {
      const p = table('cream');
      carafe(p, 600, 980, C.glass);
      return p;
    },
    () => {
      const p = table('rose');
      carafe(p, 520, 960, C.smoke);
      glass(p, { x: 840, y: 1030, profile: TUMBLER, tint: C.smoke, liquid: { colour: '#cfdcd8', level: 180 } });
      return p;
    },
  ],
  'candle-holder': [
    () => {
      const p = table('sage');
      p.closer(1.25, [640, 800]);
      rod(p, 'M760 930C900 900 900 1020 780 990', 26, C.brass);
      holder(p, 580, 960, C.brass, 130);
      candle(p, 580, 836, 330);
      p.line('M580 506v-26', '#3a2a20', 6);
      return p;
    },
    () => {
      const p = table('dusk');
      holder(p, 600, 1010, '#4a4644', 380);
      candle(p, 600, 636, 260);
      flame(p, 600, 376);
      return p;
    },
  ],
  'beeswax-candles': [
    () => {
      const p = surface('#cfc3ae');
      p.line('M470 322C480 180 720 180 730 322', '#f1e3c2', 9);
      for (const [x, turn] of [
        [470, 3],
        [730, -3],
      ] as const) {
        p.group({ transform: `rotate(${turn} ${x} 330)`, filter: p.raised(12) }, () =>
          p.path(`M${x - 20} 330Q${x} 300 ${x + 20} 330L${x + 44} 1000Q${x} 1030 ${x - 44} 1000Z`, {
            fill: p.linear([
              [0, '#f0c15c'],
              [35, C.honey],
              [100, '#9a6414'],
            ]),
          }),
        );
      }
      p.rect(400, 640, 400, 120, 6, { fill: '#f6ecd6', filter: p.raised(5) });
      p.line('M520 690H680M550 720H650', '#a8793a', 8);
      return p;
    },
  ],
  'bread-basket': [
    () => {
      const p = table('honey');
      loaf(p, 470, 730, 380, 280);
      loaf(p, 740, 740, 380, 240);
      weave(p, 600, 960, 360, 270, C.willow);
      return p;
    },
  ],
  'cookbook-the-long-table': [
    () => {
      const p = table('sage');
      book(p, 330, 990, 480, 660, C.rust);
      p.rect(430, 420, 310, 190, 4, { fill: 'none', stroke: '#f1dcb4', 'stroke-width': 6 });
      p.line('M450 760H720M450 760V830M720 760V830M500 700q40 40 80 0M610 700q30 40 60 0', '#f1dcb4', 12);
      p.line('M480 480H690M510 530H660', '#f1dcb4', 12);
      return p;
    },
  ],
  'cookbook-slow-bread': [
    () => {
      const p = table('clay');
      book(p, 260, 960, 420, 590, C.ochre);
      p.rect(350, 450, 270, 60, 4, { fill: '#fbf1da' });
      p.line('M390 480H580', '#8a5a20', 10);
      p.path('M350 760C340 620 620 620 610 760Q480 790 350 760Z', { fill: '#fbf1da' });
      p.line('M420 720q20 -30 40 4M490 708q20 -30 40 4', C.ochre, 9);
      loaf(p, 860, 1020, 400, 270);
      scattered(p, 600, 1090, 7, 8, '#c08b4d');
      return p;
    },
  ],
  'glass-cloche': [
    () => {
      const p = table('sage');
      lathe(p, {
        x: 600,
        y: 970,
        colour: C.beech,
        finish: 'matte',
        tilt: 0.2,
        profile: [
          [300, 0],
          [320, 16],
          [320, 50],
        ],
        open: { inside: shade(C.beech, 0.3) },
      });
      p.path(polygon([440, 900], [760, 920], [740, 790], [560, 760]), { fill: '#f0d38a' });
      p.path(polygon([560, 760], [740, 790], [760, 770], [590, 740]), { fill: '#fbe9b8' });
      p.path('M330 905C310 500 420 380 600 380S890 500 870 905Q600 1000 330 905Z', {
        fill: p.linear([
          [0, '#a9b8b1', 0.55],
          [12, '#fff', 0.55],
          [40, C.glass, 0.12],
          [85, C.glass, 0.16],
          [100, '#93a29a', 0.6],
        ]),
      });
      p.ellipse(600, 350, 38, 36, {
        fill: p.radial(
          [
            [0, '#fff'],
            [100, '#a9b8b1'],
          ],
          [0.35, 0.3],
          0.8,
        ),
      });
      p.ellipse(440, 620, 20, 130, { fill: '#fff', opacity: 0.6, transform: 'rotate(12 440 620)', filter: p.blur(8) });
      return p;
    },
  ],
};
