import { box, type Drawn, line, oval, type Paint, path } from './paint.ts';

/** Textiles, bath and desk. Each stands on y = 0, centred on x = 0; a mug is some 58 units tall. */
export const homeObjects = {
  folded: ({ main, accent, flat }: Paint): Drawn => ({
    width: 116,
    svg: [0, 1, 2]
      .map((n) => {
        const fill = n === 1 ? accent : main;
        return (
          box(-58 + n * 3, -20 - n * 20, 116 - n * 6, 20, 9, fill) +
          line(`M${-48 + n * 3}-${9 + n * 20}h${92 - n * 6}`, flat(fill, 2), 1.5)
        );
      })
      .join(''),
  }),
  throw: ({ main, accent, flat }: Paint): Drawn => ({
    width: 130,
    svg:
      path('M-64-44q0-12 12-12h104q12 0 12 12v44h-128z', main) +
      path('M-64-30h128v9h-128zM-64-15h128v4h-128z', accent) +
      [-60, -50, -40, -30, -20, -10, 0, 10, 20, 30, 40, 50, 60]
        .map((x) => line(`M${x} 0l-1 9`, flat(main, 2), 2))
        .join(''),
  }),
  drape: ({ main, flat }: Paint): Drawn => ({
    width: 190,
    svg:
      path('M-95-34c30-8 160-8 190 0l6 66c-14 8-24-4-36 2s-22 8-34 0-24 8-36 0-24 8-36 0-22 6-34 0-20 4-26-2z', main) +
      line(
        'M-60-30c-6 22-2 40-8 62M-22-36c-4 26 4 44-2 68M20-36c4 26-4 44 2 68M60-32c8 22 2 40 8 60',
        flat(main, 2),
        2,
      ),
  }),
  hanging: ({ main, accent, flat }: Paint): Drawn => ({
    width: 70,
    hangs: true,
    svg:
      line('M-44-150h88', flat('url(#walnut)', 1), 5) +
      path('M-32-150h64v118c-10 6-20-2-32 2s-22 2-32-2z', main) +
      path('M-32-58h64v8h-64zM-32-46h64v3h-64z', accent) +
      line('M-10-146c-3 40 3 60 0 84M14-146c3 40-3 60 0 84', flat(main, 2), 1.8),
  }),
  robe: ({ main, accent, flat }: Paint): Drawn => ({
    width: 90,
    hangs: true,
    svg:
      path('M-16-172c6 6 26 6 32 0l28 14 16 70-18 5-10-40 4 123h-72l4-123-10 40-18-5 16-70z', main) +
      path('M-16-172l18 68-10 104h-6l8-104-18-64zM16-172l-18 68 4 20 22-84z', flat(main, 2), ' opacity=".55"') +
      path('M-33-92h66v11h-66z', accent) +
      line('M-6-84l-8 34M2-84l6 30', flat(accent, 1), 5),
  }),
  apron: ({ main, accent, flat }: Paint): Drawn => ({
    width: 96,
    hangs: true,
    svg:
      line('M-22-140c4-34 40-34 44 0M-46-88l-22 10M46-88l22 10', flat(accent, 1), 5) +
      path('M-24-142h48c2 24 8 40 24 56v86h-96v-86c16-16 22-32 24-56z', main) +
      path('M-26-66h52v32q0 8-8 8h-36q-8 0-8-8z', flat(main, 2), ' opacity=".55"') +
      line('M0-66v40', flat(main, 0), 1.5),
  }),
  mitt: ({ main, accent, flat }: Paint): Drawn => ({
    width: 64,
    svg:
      path('M-28-22c-4-40-4-84 20-84 20 0 24 26 24 46 6-14 22-16 24-2 2 16-18 26-20 40z', main) +
      path('M-28-26h50v26h-50z', accent) +
      line('M-18-88c6 30 2 40 4 58M-2-94c4 30 4 44 4 62', flat(main, 2), 1.6),
  }),
  soap: ({ main, accent, flat }: Paint): Drawn => ({
    width: 48,
    svg:
      path('M-4-112h22q6 0 6 6h-8v3h-20z', accent) +
      box(-3, -106, 6, 20, 1, flat(accent, 2)) +
      box(-11, -90, 22, 12, 3, accent) +
      path('M-24-66q0-14 14-14h20q14 0 14 14v58q0 8-8 8h-32q-8 0-8-8z', main) +
      box(-17, -56, 34, 34, 2, '#f8f1e4') +
      line('M-10-44h20M-10-36h14', flat(main, 2), 2),
  }),
  spray: ({ main, accent, flat }: Paint): Drawn => ({
    width: 42,
    svg:
      path('M-10-104h22v10h-6v10h-12v-8h-6z', accent) +
      path('M-21-64q0-16 15-18h12q15 2 15 18v56q0 8-8 8h-26q-8 0-8-8z', main, ' opacity=".9"') +
      box(-14, -54, 28, 30, 2, '#f8f1e4') +
      line('M-8-44h16M-8-37h10', flat(main, 2), 2) +
      [
        [24, -102],
        [32, -110],
        [33, -96],
      ]
        .map(([x = 0, y = 0]) => oval(x, y, 1.8, 1.8, flat(main, 0)))
        .join(''),
  }),
  soapBar: ({ main, flat }: Paint): Drawn => ({
    width: 60,
    svg: box(-30, -24, 60, 24, 10, main) + line('M-14-12h28', flat(main, 2), 2),
  }),
  notebook: ({ main, accent, flat }: Paint): Drawn => ({
    width: 84,
    svg:
      box(-42, -112, 84, 112, 5, main) +
      path('M-42-108q0-4 4-4h8v112h-8q-4 0-4-4z', flat(main, 2), ' opacity=".5"') +
      path('M22-112h6v112h-6z', accent) +
      line('M-8-112v130', flat(accent, 2), 2.5),
  }),
  books: ({ main, accent, flat }: Paint): Drawn => ({
    width: 124,
    svg:
      box(-62, -22, 124, 22, 3, main) +
      box(-54, -42, 104, 20, 3, accent) +
      box(-48, -58, 92, 16, 3, flat('url(#sand)', 1)) +
      path('M-56-18h112v3h-112zM-48-38h92v2h-92z', '#fff', ' opacity=".45"'),
  }),
  pen: ({ main, accent, flat }: Paint): Drawn => ({
    width: 120,
    svg: `<g transform="rotate(-9)">${path('M42-10l22 5-22 5z', accent)}${box(-8, -11, 52, 12, 3, main)}${box(-64, -13, 58, 16, 6, flat(main, 2))}${box(-10, -13, 5, 16, 1, accent)}${line('M-56-13h34', flat(accent, 1), 3)}</g>`,
  }),
  tray: ({ main, accent, flat }: Paint): Drawn => ({
    width: 170,
    svg:
      path('M-85-24h170l-4 18q-1 6-8 6h-146q-7 0-8-6z', main) +
      oval(0, -24, 85, 6, flat(main, 0)) +
      box(-58, -42, 34, 18, 3, accent) +
      line('M-6-30l60-14M2-28l60-6', flat('url(#ink)', 1), 5) +
      box(26, -34, 30, 9, 2, flat('url(#brass)', 1)),
  }),
  blanket: ({ main, accent, flat }: Paint): Drawn => ({
    width: 130,
    svg:
      box(-65, -46, 130, 46, 22, main) +
      [-44, -20, 4, 28].map((x) => path(`M${x}-46h12v46h-12z`, accent, ' opacity=".7"')).join('') +
      `<circle cx="56" cy="-23" r="21" fill="${flat(main, 1)}"/>${line('M56-38c14 0 18 24 2 24-10 0-12-16-2-16', flat(main, 2), 3)}` +
      path('M-30-47h9v48h-9zM16-47h9v48h-9z', flat('url(#walnut)', 1)),
  }),
} as const;
