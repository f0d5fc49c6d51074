import { type Drawn, line, oval, type Paint, path } from './paint.ts';

/** Things of the table. Each stands on y = 0, centred on x = 0; a mug is some 58 units tall. */
export const tableObjects = {
  mug: ({ main, flat }: Paint): Drawn => ({
    width: 52,
    svg:
      line('M24-46c18-4 20 26 0 28', flat(main, 2), 7) +
      path('M-26-58h52v44q0 14-14 14h-24q-14 0-14-14z', main) +
      oval(0, -58, 26, 6, flat(main, 1)) +
      oval(0, -57.5, 22, 4.4, flat(main, 2)) +
      path('M-26-20h52v6q0 14-14 14h-24q-14 0-14-14z', flat(main, 2), ' opacity=".35"'),
  }),
  campMug: ({ main, accent, flat }: Paint): Drawn => ({
    width: 54,
    svg:
      line('M25-44h12v24l-12 4', flat(main, 2), 5) +
      path('M-27-52h54l-2 48q0 4-5 4h-40q-5 0-5-4z', main) +
      oval(0, -52, 27, 6, accent) +
      oval(0, -51, 23, 4.4, flat(main, 0)),
  }),
  carafe: ({ main, accent, flat }: Paint): Drawn => ({
    width: 62,
    svg:
      path('M-12-118h24v26c0 14 19 26 19 56 0 26-10 36-31 36s-31-10-31-36c0-30 19-42 19-56z', main, ' opacity=".82"') +
      path('M-30-46c8 5 22-4 32 0s20 3 28 0c3 32-7 46-30 46s-33-14-30-46z', flat(main, 2), ' opacity=".45"') +
      path('M-13-96h26v14h-26z', accent) +
      oval(0, -118, 12, 3.2, flat(main, 0)) +
      line('M-20-40c-1 12 1 20 6 26', '#fff', 3),
  }),
  waterGlass: ({ main, flat }: Paint): Drawn => ({
    width: 36,
    svg:
      path('M-18-50h36l-4 46q0 4-5 4h-18q-5 0-5-4z', main, ' opacity=".7"') +
      path('M-16.5-30h33l-2.5 26q0 4-5 4h-18q-5 0-5-4z', flat(main, 2), ' opacity=".4"') +
      oval(0, -50, 18, 4, flat(main, 0)) +
      line('M-12-42l2 30', '#fff', 2.5),
  }),
  wineGlass: ({ main, accent, flat }: Paint): Drawn => ({
    width: 44,
    svg:
      path('M-2-50h4v48h-4z', flat(main, 2), ' opacity=".7"') +
      oval(0, -2, 20, 3.5, flat(main, 1)) +
      path('M-17-102c-8 34-2 54 17 54s25-20 17-54z', main, ' opacity=".7"') +
      path('M-21-78c-2 20 5 30 21 30s23-10 21-30c-9 3-32 3-42 0z', accent, ' opacity=".75"') +
      oval(0, -102, 17, 3.6, flat(main, 0)) +
      line('M-15-94c-4 14-3 24 0 30', '#fff', 2),
  }),
  bowl: ({ main, flat }: Paint): Drawn => ({
    width: 92,
    svg:
      path('M-46-40h92c0 24-18 36-32 37v3h-28v-3c-14-1-32-13-32-37z', main) +
      oval(0, -40, 46, 9, flat(main, 0)) +
      oval(0, -39, 41, 7, flat(main, 2)),
  }),
  plate: ({ main, flat }: Paint): Drawn => ({
    width: 108,
    svg:
      [0, -5, -10]
        .map((y) => path(`M-54 ${y - 4}h108c-4 6-20 8-34 8h-40c-14 0-30-2-34-8z`, flat(main, y === -5 ? 2 : 1)))
        .join('') +
      oval(0, -14, 54, 6, main) +
      oval(0, -14, 38, 3.8, flat(main, 2), ' opacity=".4"'),
  }),
  platePortrait: ({ main, flat }: Paint): Drawn => ({
    width: 110,
    svg:
      `<circle cx="0" cy="-55" r="55" fill="${main}"/>` +
      `<circle cx="0" cy="-55" r="38" fill="none" stroke="${flat(main, 2)}" stroke-width="1.5" opacity=".6"/>` +
      `<circle cx="0" cy="-55" r="36" fill="${flat(main, 0)}" opacity=".7"/>`,
  }),
  platter: ({ main, flat }: Paint): Drawn => ({
    width: 150,
    svg:
      path('M-75-14h150c-8 10-24 14-44 14h-62c-20 0-36-4-44-14z', main) +
      oval(0, -14, 75, 9, flat(main, 0)) +
      oval(0, -13, 60, 6, flat(main, 2), ' opacity=".45"'),
  }),
  teapot: ({ main, accent, flat }: Paint): Drawn => ({
    width: 96,
    svg:
      line('M-30-82c0-38 60-38 60 0', accent, 5) +
      path('M38-52c16-2 16-22 30-30l4 5c-8 10-10 36-32 42z', flat(main, 2)) +
      path('M-44-40c0-26 16-42 44-42s44 16 44 42-18 40-44 40-44-14-44-40z', main) +
      oval(0, -80, 24, 5, flat(main, 0)) +
      oval(0, -87, 6, 5, accent),
  }),
  saltCellar: ({ main, accent, flat }: Paint): Drawn => ({
    width: 56,
    svg:
      path('M-28-26h56v16q0 10-10 10h-36q-10 0-10-10z', main) +
      path('M-30-34h60v9h-60z', accent) +
      oval(0, -34, 30, 4, flat(accent, 0)),
  }),
  basket: ({ main, flat }: Paint): Drawn => ({
    width: 120,
    svg:
      path('M-46-38c0-14 10-22 22-22 8-10 24-10 30-2 16-6 36 4 40 24z', flat('url(#crust)', 1)) +
      line('M-28-50l8 8M-8-58l8 10M14-56l8 10', '#f0cf9a', 3) +
      path('M-60-40h120l-10 34q-2 6-8 6h-84q-6 0-8-6z', main) +
      line('M-57-28h114M-53-15h106', flat(main, 2), 2.5) +
      line('M-40-40l6 40M-14-40l2 40M14-40l-2 40M40-40l-6 40', flat(main, 0), 2.5),
  }),
  candleHolder: ({ main, accent, flat }: Paint): Drawn => ({
    width: 44,
    svg:
      path('M0-118c5 8 5 14 0 17-5-3-5-9 0-17z', '#f6c667') +
      path('M-6-98h12v50h-12z', accent) +
      path('M-9-52h18l-3 12c-2 10 0 18 10 28h-32c10-10 12-18 10-28z', main) +
      path('M-22-14h44v8q0 6-6 6h-32q-6 0-6-6z', flat(main, 2)),
  }),
  candles: ({ main, flat }: Paint): Drawn => ({
    width: 66,
    svg: [
      [-22, 72],
      [0, 96],
      [22, 56],
    ]
      .map(
        ([x = 0, h = 0]) =>
          path(`M${x}-${h + 20}c5 7 5 12 0 15-5-3-5-8 0-15z`, '#f6c667') +
          path(`M${x - 9}-${h}h18v${h}h-18z`, main) +
          oval(x, -h, 9, 2.5, flat(main, 0)),
      )
      .join(''),
  }),
  vase: ({ main, accent, flat }: Paint): Drawn => ({
    width: 56,
    svg:
      line('M0-84c-4-34-26-50-34-84M2-84c4-30 10-58 32-80M0-84c0-40 0-70-6-104', flat(accent, 2), 2.5) +
      [
        [-34, -166, -30],
        [-26, -138, 20],
        [-14, -120, -40],
        [-6, -186, 0],
        [2, -150, 30],
        [34, -162, 30],
        [22, -138, -20],
        [12, -114, 40],
      ]
        .map(
          ([x = 0, y = 0, r = 0]) =>
            `<ellipse rx="6.5" ry="14" transform="translate(${x} ${y}) rotate(${r})" fill="${accent}"/>`,
        )
        .join('') +
      path('M-10-90h20v16c0 10 18 20 18 44 0 20-10 30-28 30s-28-10-28-30c0-24 18-34 18-44z', main) +
      oval(0, -90, 10, 2.8, flat(main, 2)),
  }),
  pear: ({ main, flat }: Paint): Drawn => ({
    width: 40,
    svg:
      path(
        'M-4-54c8-4 12 4 13 14 2 10 13 14 13 26 0 10-10 15-22 15s-21-5-21-15c0-12 10-17 12-26 0-8 1-12 5-14z',
        main,
      ) + line('M1-52c0-6 2-10 6-13', flat('url(#walnut)', 1), 3),
  }),
  lemons: ({ main, flat }: Paint): Drawn => ({
    width: 78,
    svg:
      `<g transform="rotate(-12 -18 -15)">${path('M-42-15c6-14 12-17 22-17s17 4 24 17c-7 12-14 15-24 15s-17-4-22-15z', main)}</g>` +
      path('M-2-14c5-12 11-16 20-16s15 4 21 16c-6 10-12 14-21 14s-16-4-20-14z', flat(main, 1)),
  }),
} as const;
