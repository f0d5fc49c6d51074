import { COLOUR as C, shade } from '../colour.ts';
import { type Picture, polygon } from '../picture.ts';
import { type Room, shadow, surface, table } from '../stage.ts';
import { boule, lemon, mug, scattered, sprig } from '../things.ts';
import { lathe, rod, stopsFor } from '../vessel.ts';
import { knife, plank } from '../wood.ts';
import type { StillLifes } from './still-life.ts';

const CLAY = '#b98d68';

function skillet(p: Picture, x: number, y: number, radius: number, turn: number): void {
  p.group({ transform: `translate(${x} ${y})rotate(${turn})`, filter: p.raised(16) }, () => {
    const r = radius;
    p.path(`M${r * 0.9} -46Q${r * 1.2} -24 ${r * 1.9} -34Q${r * 2.02} 0 ${r * 1.9} 34Q${r * 1.2} 24 ${r * 0.9} 46Z`, {
      fill: p.linear(
        [
          [0, '#4b4845'],
          [60, C.iron],
          [100, '#1d1b1a'],
        ],
        'down',
      ),
    });
    p.ellipse(r * 1.8, 0, 22, 13, { fill: '#d8c5a8' });
    p.path(`M-60 ${-r * 0.98}L0 ${-r * 1.09}L60 ${-r * 0.98}ZM-60 ${r * 0.98}L0 ${r * 1.09}L60 ${r * 0.98}Z`, {
      fill: C.iron,
    });
    p.ellipse(0, 0, r, r, {
      fill: p.linear(
        [
          [0, '#5d5955'],
          [50, C.iron],
          [100, '#1c1a19'],
        ],
        'diagonal',
      ),
    });
    p.ellipse(0, 0, r * 0.9, r * 0.9, {
      fill: p.radial(
        [
          [0, '#45413e'],
          [70, '#383533'],
          [100, '#1f1d1c'],
        ],
        [0.4, 0.35],
        0.7,
      ),
    });
  });
}

function boardShape(half: number, height: number): string {
  return `M${-half} ${-height}Q${-half} ${-height - 60} ${-half + 70} ${-height - 70}Q-50 ${-height - 80} -44 ${-height - 130}V${-height - 220}Q-44 ${-height - 270} 0 ${-height - 270}T44 ${-height - 220}V${-height - 130}Q50 ${-height - 80} ${half - 70} ${-height - 70}Q${half} ${-height - 60} ${half} ${-height}L${half - 6} -36Q${half - 10} 0 ${half - 60} 0H${-half + 60}Q${-half + 10} 0 ${-half + 6} -36Z`;
}

function kettle(room: Room, colour: string): Picture {
  const p = table(room);
  p.closer(1.1, [580, 700]);
  p.line('M470 560C480 250 720 250 730 560', '#3b3836', 20);
  rod(p, 'M520 372Q600 322 680 372', 46, C.beech);
  rod(p, 'M420 830C330 800 330 640 238 590', 62, colour);
  p.ellipse(232, 586, 34, 20, { fill: shade(colour, -0.5), transform: 'rotate(32 232 586)' });
  lathe(p, {
    x: 600,
    y: 950,
    colour,
    tilt: 0.16,
    profile: [
      [190, 0],
      [232, 40],
      [250, 150],
      [225, 270],
      [150, 350],
      [120, 362],
    ],
  });
  lathe(p, {
    x: 600,
    y: 592,
    colour,
    tilt: 0.2,
    grounded: false,
    profile: [
      [122, 0],
      [110, 22],
      [50, 44],
      [20, 50],
    ],
  });
  lathe(p, {
    x: 600,
    y: 545,
    colour: '#3b3836',
    grounded: false,
    profile: [
      [14, 0],
      [26, 20],
      [20, 40],
      [4, 46],
    ],
  });
  return p;
}

function grinder(room: Room, wood: string): Picture {
  const p = table(room);
  shadow(p, 600, 980, 240);
  p.rect(370, 940, 460, 44, 10, {
    fill: p.linear([
      [0, shade(wood, 0.1)],
      [100, shade(wood, -0.4)],
    ]),
  });
  p.rect(400, 640, 400, 300, 8, {
    fill: p.linear([
      [0, shade(wood, 0.2)],
      [40, wood],
      [100, shade(wood, -0.35)],
    ]),
  });
  p.line('M410 690Q560 670 790 700M410 735Q600 760 790 740M410 905Q560 890 790 912', shade(wood, -0.45), 4, {
    opacity: 0.35,
  });
  p.rect(450, 770, 300, 120, 6, { fill: shade(wood, 0.12), stroke: shade(wood, -0.45), 'stroke-width': 6 });
  p.ellipse(600, 830, 22, 22, {
    fill: p.radial(
      [
        [0, '#f3dda6'],
        [100, '#94702f'],
      ],
      [0.35, 0.3],
      0.8,
    ),
  });
  p.rect(378, 606, 444, 40, 10, {
    fill: p.linear([
      [0, shade(wood, 0.3)],
      [100, shade(wood, -0.3)],
    ]),
  });
  lathe(p, {
    x: 600,
    y: 606,
    colour: C.brass,
    finish: 'metal',
    tilt: 0.14,
    grounded: false,
    profile: [
      [150, 0],
      [150, 26],
      [128, 90],
      [70, 140],
      [24, 150],
    ],
  });
  p.line('M600 460V412L372 380', '#8e6e33', 22, { 'stroke-linejoin': 'round' });
  p.line('M600 456V408L372 376', '#e0c07c', 8, { 'stroke-linejoin': 'round' });
  lathe(p, {
    x: 372,
    y: 384,
    colour: wood,
    finish: 'matte',
    grounded: false,
    profile: [
      [14, 0],
      [34, 40],
      [36, 76],
      [10, 98],
    ],
  });
  scattered(p, 330, 1050, 9, 15, '#5a3822');
  return p;
}

function teapot(p: Picture, x: number, y: number, colour: string): void {
  rod(p, `M${x + 190} ${y - 330}C${x + 400} ${y - 400} ${x + 400} ${y - 70} ${x + 190} ${y - 110}`, 44, colour);
  p.path(
    `M${x - 190} ${y - 150}C${x - 330} ${y - 160} ${x - 290} ${y - 330} ${x - 400} ${y - 372}L${x - 346} ${y - 398}C${x - 230} ${y - 370} ${x - 260} ${y - 300} ${x - 190} ${y - 290}Z`,
    {
      fill: shade(colour, -0.16),
    },
  );
  lathe(p, {
    x,
    y,
    colour,
    tilt: 0.16,
    profile: [
      [130, 0],
      [160, 20],
      [238, 150],
      [232, 260],
      [160, 370],
      [110, 398],
    ],
  });
  lathe(p, {
    x,
    y: y - 392,
    colour,
    tilt: 0.18,
    grounded: false,
    profile: [
      [118, 0],
      [96, 26],
      [40, 44],
      [22, 48],
    ],
  });
  p.ellipse(x, y - 466, 33, 31, {
    fill: p.radial(
      [
        [0, shade(colour, 0.5)],
        [100, shade(colour, -0.3)],
      ],
      [0.35, 0.3],
      0.8,
    ),
  });
}

function casserole(room: Room, colour: string): Picture {
  const p = table(room);
  p.closer(1.08);
  rod(p, 'M330 700Q236 690 250 740T330 770M870 700Q964 690 950 740T870 770', 34, colour);
  lathe(p, {
    x: 600,
    y: 970,
    colour,
    tilt: 0.12,
    profile: [
      [258, 0],
      [286, 30],
      [296, 160],
      [298, 300],
    ],
  });
  lathe(p, {
    x: 600,
    y: 668,
    colour,
    tilt: 0.13,
    grounded: false,
    profile: [
      [310, 0],
      [312, 22],
      [270, 66],
      [150, 100],
      [60, 106],
    ],
  });
  lathe(p, {
    x: 600,
    y: 566,
    colour: C.brass,
    finish: 'metal',
    grounded: false,
    profile: [
      [24, 0],
      [30, 20],
      [52, 34],
      [46, 52],
      [10, 58],
    ],
  });
  return p;
}

function mixingBowl(room: Room, colour: string, whisk: boolean): Picture {
  const p = table(room);
  const profile = [
    [150, 0],
    [166, 16],
    [270, 130],
    [320, 270],
    [332, 300],
  ] as const;
  lathe(p, {
    x: 600,
    y: 960,
    colour,
    tilt: 0.24,
    profile,
    open: { inside: shade(colour, 0.2), filling: whisk ? '#f3e3bd' : shade(colour, 0.1) },
  });
  p.line('M324 816Q440 884 600 886T876 816', shade(colour, -0.35), 7, { opacity: 0.35 });
  if (whisk) {
    p.line(
      'M640 660C560 600 640 480 716 440C760 520 740 620 660 668M650 666C610 600 660 500 716 440C722 530 700 610 660 668',
      '#8d8b86',
      7,
    );
    rod(p, 'M716 440L850 240', 34, C.beech);
  } else lemon(p, 350, 1040, 80);
  return p;
}

function jar(p: Picture, x: number, y: number, height: number, filling: string): void {
  shadow(p, x, y, 130, 0.3);
  p.rect(x - 128, y - height, 256, height, 34, {
    fill: p.linear([
      [0, '#aebdb5', 0.7],
      [15, '#fff', 0.6],
      [100, '#8f9d96', 0.75],
    ]),
  });
  p.rect(x - 114, y - height * 0.72, 228, height * 0.72 - 12, 24, { fill: p.linear(stopsFor(filling, 'glaze')) });
  const grains = Array.from(
    { length: 14 },
    (_, n) => `M${x - 84 + ((n * 67) % 170)} ${y - 34 - ((n * 53) % Math.floor(height * 0.58))}h8`,
  );
  p.line(grains.join(''), shade(filling, 0.4), 17, { opacity: 0.45 });
  p.line(`M${x - 86} ${y - height + 40}v${Math.round(height * 0.72)}`, '#fff', 16, { opacity: 0.5 });
  p.rect(x - 132, y - height - 52, 264, 62, 16, { fill: p.linear(stopsFor(C.beech, 'matte')) });
}

function saltCellar(room: Room, wood: string, opened: boolean): Picture {
  const p = table(room);
  p.closer(1.25);
  const profile = [
    [170, 0],
    [206, 24],
    [216, 110],
    [196, 210],
  ] as const;
  const open = opened ? { inside: shade(wood, -0.3), filling: '#fbf7ee' } : {};
  lathe(p, { x: 600, y: 960, colour: wood, finish: 'matte', tilt: 0.26, profile, open });
  p.line('M390 880Q600 960 810 876M400 830Q600 900 800 828', shade(wood, -0.4), 5, { opacity: 0.3 });
  if (opened) {
    lathe(p, {
      x: 850,
      y: 1040,
      colour: wood,
      finish: 'matte',
      tilt: 0.26,
      profile: [
        [176, 0],
        [186, 10],
        [186, 34],
      ],
      open: { inside: shade(wood, 0.12) },
    });
    p.line('M640 742L760 560', shade(wood, -0.2), 22);
    p.ellipse(636, 750, 40, 26, { fill: shade(wood, 0.1), transform: 'rotate(-50 636 750)' });
  } else {
    lathe(p, {
      x: 600,
      y: 748,
      colour: wood,
      finish: 'matte',
      tilt: 0.26,
      grounded: false,
      profile: [
        [204, 0],
        [206, 22],
        [150, 48],
        [40, 62],
        [30, 64],
      ],
    });
    lathe(p, {
      x: 600,
      y: 688,
      colour: C.brass,
      finish: 'metal',
      grounded: false,
      profile: [
        [12, 0],
        [26, 22],
        [18, 42],
        [4, 46],
      ],
    });
    scattered(p, 300, 1040, 8, 8, '#fbf7ee');
  }
  return p;
}

export const kitchen: StillLifes = {
  'stoneware-mug': [
    () => {
      const p = table('clay');
      mug(p, 560, 980, 1.5, C.sand, { bare: CLAY });
      return p;
    },
    () => {
      const p = table('cream');
      const place = p.stamp(() => mug(p, 0, 0, 1.2, 'currentColor', { bare: CLAY }));
      place('translate(290 900)', C.ink);
      place('translate(830 900)', C.moss);
      place('translate(550 1060)scale(1.1)', C.sand);
      return p;
    },
    () => {
      const p = table('rose');
      mug(p, 560, 980, 1.5, C.ink, { bare: CLAY, filling: '#4a2a18', inside: C.sand });
      return p;
    },
  ],
  'espresso-cups': [
    () => {
      const p = table('cream');
      const place = p.stamp(() => {
        lathe(p, {
          x: 0,
          y: 24,
          colour: C.celadon,
          tilt: 0.28,
          profile: [
            [110, 0],
            [230, 26],
            [242, 34],
          ],
          open: { inside: shade(C.celadon, 0.25) },
        });
        mug(p, 0, 6, 0.9, C.celadon, { filling: '#3d2415' });
      });
      place('translate(800 850)');
      place('translate(400 1000)scale(1.24)');
      return p;
    },
  ],
  'cast-iron-skillet': [
    () => {
      const p = surface('#d9b48a', true);
      skillet(p, 470, 560, 350, 38);
      return p;
    },
    () => {
      const p = surface('#dccab0');
      skillet(p, 700, 440, 310, 120);
      skillet(p, 370, 760, 230, 60);
      p.group({ transform: 'translate(880 960)rotate(40)' }, () => sprig(p, 300));
      return p;
    },
  ],
  'copper-saucepan': [
    () => {
      const p = table('sage');
      p.path('M640 640L1120 520Q1146 540 1120 566L640 712Z', {
        fill: p.linear(
          [
            [0, '#55504c'],
            [100, '#242120'],
          ],
          'down',
        ),
      });
      p.ellipse(1098, 543, 14, 9, { fill: '#b9b08f' });
      lathe(p, {
        x: 460,
        y: 960,
        colour: C.copper,
        finish: 'metal',
        tilt: 0.2,
        profile: [
          [250, 0],
          [264, 20],
          [268, 330],
        ],
        open: { inside: C.steel, lip: '#f0b48e' },
      });
      for (const x of [640, 676]) p.ellipse(x, 690, 11, 11, { fill: '#e3a67e' });
      return p;
    },
  ],
  'enamel-casserole': [() => casserole('cream', C.brick), () => casserole('honey', C.forest)],
  'enamel-kettle': [() => kettle('sage', C.cream), () => kettle('rose', C.cobalt)],
  'chef-knife': [
    () => {
      const p = surface('#d8c8ae');
      p.group({ transform: 'translate(660 600)rotate(-38)scale(1.4)', filter: p.raised(12) }, () =>
        knife(p, 520, 112, C.walnut),
      );
      return p;
    },
    () => {
      const p = surface('#c8b79b');
      p.group({ filter: p.raised(14) }, () =>
        plank(
          p,
          'M170 300Q160 220 240 220H960Q1040 220 1030 300L1020 900Q1020 980 940 980H260Q180 980 180 900Z',
          C.beech,
          'M190 400Q600 360 1010 420M190 640Q600 690 1010 640M190 840Q600 800 1010 850',
        ),
      );
      p.group({ transform: 'translate(640 560)rotate(-24)', filter: p.raised(9) }, () => knife(p, 480, 106, C.olive));
      p.group({ transform: 'translate(420 900)rotate(70)' }, () => sprig(p, 330, C.leaf, 0.1));
      return p;
    },
  ],
  'paring-knife': [
    () => {
      const p = surface('#e0c3a0', true);
      p.group({ transform: 'translate(590 790)rotate(-24)scale(1.35)', filter: p.raised(10) }, () =>
        knife(p, 300, 74, C.olive),
      );
      p.group({ transform: 'translate(470 400)rotate(-20)', filter: p.raised(12) }, () => {
        p.path('M0 -250C70 -250 80 -120 140 -10S130 190 0 190S-210 100 -140 -10S-70 -250 0 -250Z', { fill: '#a9ad4d' });
        p.path('M0 -232C56 -230 66 -110 124 -4S112 172 0 172S-186 90 -124 -4S-60 -230 0 -232Z', { fill: '#f7efd2' });
        p.path('M0 20q50 50 0 100q-50 -50 0 -100', { fill: '#e0cf9d' });
        p.path('M-16 54q10 16 0 34q-12 -16 0 -34M16 54q12 16 0 34q-10 -16 0 -34', { fill: '#5b3920' });
        p.line('M0 -244q4 -40 24 -60', '#6b4a2a', 12);
      });
      return p;
    },
  ],
  'bread-knife': [
    () => {
      const p = surface('#d3bd9a', true);
      p.group({ transform: 'translate(720 560)rotate(-30)', filter: p.raised(12) }, () =>
        knife(p, 640, 84, C.walnut, true),
      );
      scattered(p, 430, 960, 8, 10, '#c08b4d');
      return p;
    },
  ],
  'olive-wood-board': [
    () => {
      const p = table('cream');
      shadow(p, 600, 980, 250);
      p.group({ transform: 'translate(580 990)rotate(2)' }, () => {
        plank(
          p,
          boardShape(230, 480),
          C.olive,
          'M-190 -30C-120 -200 -220 -400 -60 -540M-90 -10C-10 -180 -120 -330 10 -640M40 -10C120 -200 0 -360 60 -530M150 -20C220 -220 110 -380 170 -520',
        );
        p.ellipse(0, -700, 18, 18, { fill: '#dcc8a6' });
      });
      return p;
    },
    () => {
      const p = surface('#cfd0ba');
      p.group({ transform: 'translate(600 1000)', filter: p.raised(14) }, () =>
        plank(
          p,
          boardShape(280, 520),
          C.olive,
          'M-230 -30C-160 -240 -260 -420 -80 -590M-60 -10C20 -220 -110 -380 0 -740M190 -30C260 -240 130 -420 190 -570',
        ),
      );
      boule(p, 500, 800, 170);
      p.group({ transform: 'translate(740 640)rotate(62)scale(.62)', filter: p.raised(9) }, () =>
        knife(p, 420, 90, C.walnut),
      );
      return p;
    },
  ],
  'mortar-and-pestle': [
    () => {
      const p = table('honey');
      lathe(p, {
        x: 580,
        y: 970,
        colour: '#8b8a88',
        finish: 'matte',
        tilt: 0.26,
        profile: [
          [180, 0],
          [196, 30],
          [176, 70],
          [250, 180],
          [286, 330],
        ],
        open: { inside: '#6e6d6b', filling: '#7f8a52' },
      });
      p.path('M560 640L790 250Q850 220 868 288L650 690Q590 700 560 640Z', {
        fill: p.linear([
          [0, '#b5b4b0'],
          [100, '#6a6967'],
        ]),
      });
      p.group({ transform: 'translate(240 1040)rotate(70)' }, () => sprig(p, 260));
      return p;
    },
  ],
  'wooden-spoons': [
    () => {
      const p = surface('#b9bda2');
      for (const [turn, wood, wide] of [
        [-14, C.olive, 92],
        [2, shade(C.olive, -0.25), 74],
        [17, C.beech, 100],
      ] as const) {
        p.group({ transform: `translate(600 940)rotate(${turn})scale(1.15)`, filter: p.raised(10) }, () => {
          p.path(`M-20 180L-16 -340C${-wide} -400 ${-wide} -640 0 -650S${wide} -400 16 -340L20 180Q0 210 -20 180Z`, {
            fill: p.linear([
              [0, shade(wood, 0.3)],
              [100, shade(wood, -0.25)],
            ]),
          });
          p.ellipse(0, -510, wide * 0.6, 100, { fill: shade(wood, -0.3), opacity: 0.4 });
        });
      }
      p.line('M556 810q44 26 92 0M556 828q44 24 92 -2M600 822q-60 90 -100 110M610 822q40 80 100 90', '#efe2c4', 9);
      return p;
    },
  ],
  'rolling-pin': [
    () => {
      const p = surface('#c9b296');
      p.ellipse(640, 640, 430, 320, { fill: '#fbf5e6', opacity: 0.5, filter: p.blur(20) });
      p.ellipse(380, 820, 240, 200, {
        fill: p.radial([
          [0, '#f8ebcd'],
          [100, '#dcc193'],
        ]),
        filter: p.raised(6),
      });
      p.group({ transform: 'translate(620 580)rotate(-36)', filter: p.raised(16) }, () => {
        p.rect(-470, -64, 940, 128, 56, {
          fill: p.linear(
            [
              [0, shade(C.beech, 0.4)],
              [40, C.beech],
              [100, shade(C.beech, -0.35)],
            ],
            'down',
          ),
        });
        p.line('M-400 -20H300M-340 14H420M-200 -40H200', shade(C.beech, -0.4), 4, { opacity: 0.35 });
      });
      return p;
    },
  ],
  'mixing-bowl': [() => mixingBowl('clay', C.sand, true), () => mixingBowl('cream', C.celadon, false)],
  'loaf-tin': [
    () => {
      const p = table('sage');
      shadow(p, 600, 950, 330);
      p.path('M262 700C200 440 420 470 600 440S1000 440 938 700Z', {
        fill: p.linear(
          [
            [0, '#e5ad68'],
            [60, '#b96f2e'],
            [100, '#8a4c1f'],
          ],
          'down',
        ),
      });
      p.line('M400 560q120 -70 150 10M620 540q120 -60 160 20', '#f3d9a8', 16);
      p.path(polygon([240, 690], [960, 690], [900, 960], [300, 960]), {
        fill: p.linear([
          [0, '#6f757b'],
          [30, '#8d949a'],
          [100, '#3f4449'],
        ]),
      });
      p.rect(224, 670, 752, 34, 14, {
        fill: p.linear([
          [0, '#a6acb0'],
          [100, '#565b60'],
        ]),
      });
      return p;
    },
  ],
  'storage-jar': [
    () => {
      const p = table('cream');
      p.closer(1.15);
      jar(p, 590, 980, 540, '#b0713c');
      scattered(p, 300, 1070, 10, 13, '#b0713c');
      return p;
    },
    () => {
      const p = table('mist');
      jar(p, 300, 930, 300, '#e9d7ab');
      jar(p, 610, 950, 420, '#b0713c');
      jar(p, 920, 930, 560, '#5c4030');
      return p;
    },
  ],
  'salt-cellar': [() => saltCellar('mist', C.olive, true), () => saltCellar('clay', C.walnut, false)],
  'pepper-mill': [
    () => {
      const p = table('cream');
      p.closer(1.2, [600, 760]);
      const colour = C.walnut;
      lathe(p, {
        x: 600,
        y: 980,
        colour,
        finish: 'matte',
        tilt: 0.16,
        profile: [
          [118, 0],
          [122, 50],
          [84, 170],
          [72, 270],
          [100, 380],
          [112, 430],
          [106, 470],
        ],
      });
      lathe(p, {
        x: 600,
        y: 506,
        colour: shade(colour, 0.08),
        finish: 'matte',
        tilt: 0.16,
        grounded: false,
        profile: [
          [106, 0],
          [116, 40],
          [92, 130],
          [40, 176],
          [20, 178],
        ],
      });
      lathe(p, {
        x: 600,
        y: 330,
        colour: C.steel,
        finish: 'metal',
        grounded: false,
        profile: [
          [18, 0],
          [32, 22],
          [24, 44],
          [6, 50],
        ],
      });
      scattered(p, 340, 1050, 12, 13, '#3a2f28');
      return p;
    },
  ],
  'pour-over-set': [
    () => {
      const p = table('sage');
      p.closer(1.14, [600, 760]);
      const tint = C.glass;
      shadow(p, 600, 990, 200, 0.26);
      rod(p, 'M740 700C870 690 870 900 760 900', 30, '#c9d3cd');
      lathe(p, {
        x: 600,
        y: 985,
        colour: '#4a2a18',
        tilt: 0.16,
        grounded: false,
        profile: [
          [150, 0],
          [186, 40],
          [180, 150],
          [172, 175],
        ],
        open: { filling: '#6b3f24', inside: '#4a2a18', lip: '#7b4d2e' },
      });
      p.path('M404 985C390 850 430 760 470 650H730C770 760 810 850 796 985Q600 1040 404 985Z', {
        fill: p.linear([
          [0, '#9fb0a7', 0.6],
          [12, '#fff', 0.6],
          [40, tint, 0.15],
          [85, tint, 0.2],
          [100, '#8a9a92', 0.6],
        ]),
      });
      lathe(p, {
        x: 600,
        y: 660,
        colour: C.chalk,
        tilt: 0.14,
        grounded: false,
        profile: [
          [196, 0],
          [200, 22],
          [90, 34],
          [84, 50],
          [226, 300],
        ],
        open: { filling: '#6b4128', inside: '#efe7d6' },
      });
      rod(p, 'M790 440C900 430 890 570 746 540', 30, C.chalk);
      return p;
    },
  ],
  'coffee-grinder': [() => grinder('cream', C.walnut), () => grinder('sage', C.beech)],
  'tea-pot-juno': [
    () => {
      const p = table('rose');
      p.closer(1.12, [600, 800]);
      teapot(p, 610, 960, C.celadon);
      return p;
    },
    () => {
      const p = table('sage');
      teapot(p, 660, 880, C.chalk);
      const cup = p.stamp(() => mug(p, 0, 0, 0.74, C.chalk, { filling: '#a8622a' }));
      cup('translate(290 1020)');
      cup('translate(640 1090)');
      return p;
    },
  ],
  'house-coffee': [
    () => {
      const p = table('clay');
      shadow(p, 600, 980, 230);
      p.path('M390 330L384 960Q600 1010 816 960L810 330Z', {
        fill: p.linear([
          [0, '#a98258'],
          [25, '#d8b788'],
          [60, '#c29b69'],
          [100, '#8c673f'],
        ]),
      });
      p.path('M390 330L410 250H790L810 330Q600 360 390 330Z', {
        fill: p.linear([
          [0, '#e0c193'],
          [100, '#a57f52'],
        ]),
      });
      p.line('M395 332Q600 362 806 332', '#7d5c38', 5, { opacity: 0.6 });
      p.rect(460, 500, 280, 300, 10, { fill: '#f7ecd6' });
      p.ellipse(600, 620, 66, 84, { fill: '#6b4128', transform: 'rotate(24 600 620)' });
      p.line('M580 548q60 60 20 144', '#f7ecd6', 10, { transform: 'rotate(10 600 620)' });
      p.line('M520 740H680M550 768H650', '#a8492f', 8);
      scattered(p, 960, 1040, 10, 17, '#5a3822');
      return p;
    },
  ],
  'breakfast-tea': [
    () => {
      const p = table('cream');
      lathe(p, {
        x: 600,
        y: 970,
        colour: C.forest,
        tilt: 0.18,
        profile: [
          [200, 0],
          [204, 14],
          [204, 440],
        ],
      });
      lathe(p, {
        x: 600,
        y: 530,
        colour: shade(C.forest, -0.12),
        tilt: 0.18,
        grounded: false,
        profile: [
          [210, 0],
          [210, 100],
          [200, 112],
        ],
      });
      p.path('M470 650Q600 690 730 650V850Q600 890 470 850Z', { fill: '#f3e6c8' });
      p.group({ transform: 'translate(600 820)' }, () => sprig(p, 120, C.forest));
      p.line('M520 850Q600 866 680 850', C.brass, 6);
      scattered(p, 930, 1040, 14, 10, '#3d2d20');
      return p;
    },
  ],
  'olive-oil': [
    () => {
      const p = table('honey');
      lathe(p, {
        x: 590,
        y: 985,
        colour: '#3c4a2c',
        tilt: 0.14,
        profile: [
          [138, 0],
          [146, 16],
          [148, 380],
          [130, 440],
          [56, 520],
          [50, 660],
          [58, 664],
          [58, 690],
        ],
      });
      lathe(p, {
        x: 590,
        y: 302,
        colour: '#b98d5c',
        finish: 'matte',
        grounded: false,
        profile: [
          [40, 0],
          [42, 50],
          [36, 58],
        ],
      });
      p.path('M444 690Q590 728 736 690V890Q590 930 444 890Z', { fill: '#f4e8cc' });
      p.group({ transform: 'translate(600 860)' }, () => sprig(p, 120, C.moss));
      p.line('M500 890Q590 910 680 890', C.moss, 6);
      p.group({ transform: 'translate(1030 1080)rotate(-62)' }, () => sprig(p, 360, '#7d8760'));
      p.ellipse(860, 1050, 34, 26, { fill: '#5b6132' });
      return p;
    },
  ],
  'wildflower-honey': [
    () => {
      const p = table('rose');
      lathe(p, {
        x: 560,
        y: 970,
        colour: '#d8902a',
        tilt: 0.18,
        profile: [
          [180, 0],
          [200, 30],
          [206, 260],
          [180, 330],
          [160, 350],
        ],
      });
      lathe(p, {
        x: 560,
        y: 622,
        colour: C.brass,
        finish: 'metal',
        tilt: 0.18,
        grounded: false,
        profile: [
          [178, 0],
          [178, 74],
          [170, 84],
        ],
      });
      p.path('M400 750Q560 790 720 750V890Q560 930 400 890Z', { fill: '#faf0d8' });
      p.line('M470 830q45 -60 90 0t90 0', C.honey, 12);
      rod(p, 'M1040 620L900 930', 26, C.beech);
      for (const n of [0, 1, 2, 3])
        p.ellipse(894 - n * 12, 942 + n * 26, 62 - Math.abs(n - 1.5) * 10, 18, {
          fill: shade(C.beech, -0.1 - n * 0.08),
          transform: `rotate(24 ${894 - n * 12} ${942 + n * 26})`,
        });
      p.ellipse(850, 1050, 90, 22, { fill: '#dc9a30', opacity: 0.85 });
      return p;
    },
  ],
  'fondue-pot': [
    () => {
      const p = table('dusk');
      p.line('M400 720L350 990M800 720L850 990M380 840H820', '#2b2826', 20);
      lathe(p, {
        x: 600,
        y: 980,
        colour: C.steel,
        finish: 'metal',
        profile: [
          [80, 0],
          [84, 60],
          [60, 74],
        ],
      });
      p.path('M576 900q24 -70 24 -80q10 30 24 80z', { fill: '#6f9bd0', opacity: 0.8 });
      rod(p, 'M380 640Q240 600 170 620', 40, C.beech);
      lathe(p, {
        x: 600,
        y: 780,
        colour: C.brick,
        tilt: 0.2,
        grounded: false,
        profile: [
          [190, 0],
          [236, 50],
          [240, 160],
          [216, 220],
        ],
        open: { inside: C.cream, filling: '#f0c968' },
      });
      p.line('M640 560L860 300M580 556L500 260', '#b9b8b3', 10);
      p.line('M800 370L860 300M516 330L500 260', C.walnut, 26);
      return p;
    },
  ],
};
