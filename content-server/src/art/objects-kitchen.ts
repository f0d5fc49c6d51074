import { box, type Drawn, line, oval, type Paint, path } from './paint.ts';

/** Things of the kitchen and the garden. Each stands on y = 0, centred on x = 0; a mug is some 58 units tall. */
export const kitchenObjects = {
  skillet: ({ main, flat }: Paint): Drawn => ({
    width: 130,
    svg:
      path('M56-26l74-12q8-1 8 5t-8 7l-74 12z', flat(main, 2)) +
      path('M-62-28h124l-8 22q-2 6-10 6h-88q-8 0-10-6z', main) +
      oval(0, -28, 62, 8, flat(main, 0)) +
      oval(0, -27, 55, 6, flat(main, 2)),
  }),
  board: ({ main, flat }: Paint): Drawn => ({
    width: 76,
    svg:
      path('M-38-112q0-16 16-16h12v-22q0-10 10-10t10 10v22h12q16 0 16 16v100q0 12-12 12h-52q-12 0-12-12z', main) +
      `<circle cx="0" cy="-146" r="4" fill="${flat(main, 2)}"/>` +
      line('M-24-110c4 34-4 60 2 96M-6-118c6 40-2 70 2 106M16-116c-2 30 6 70 2 100', flat(main, 2), 1.6),
  }),
  kettle: ({ main, accent, flat }: Paint): Drawn => ({
    width: 100,
    svg:
      line('M-34-70c-4-50 72-50 68 0', accent, 7) +
      path('M36-34c20-4 22-30 34-34l4 6c-6 10-8 44-36 50z', flat(main, 2)) +
      path('M-34-74h68c14 22 18 44 18 62 0 8-6 12-14 12h-76c-8 0-14-4-14-12 0-18 4-40 18-62z', main) +
      oval(0, -74, 34, 6, flat(main, 0)) +
      oval(0, -82, 7, 6, accent),
  }),
  pourOver: ({ main, accent, flat }: Paint): Drawn => ({
    width: 66,
    svg:
      path('M-30-54h60c4 14 4 40-6 50q-4 4-10 4h-28q-6 0-10-4c-10-10-10-36-6-50z', 'url(#glass)', ' opacity=".85"') +
      path(
        'M-33-28c16 4 50 4 66 0 0 10-3 19-9 24q-4 4-10 4h-28q-6 0-10-4c-6-5-9-14-9-24z',
        flat('url(#walnut)', 1),
        ' opacity=".85"',
      ) +
      path('M-38-108h76l-26 50h-24z', main) +
      oval(0, -108, 38, 7, flat(main, 0)) +
      oval(0, -107, 32, 5, flat('url(#walnut)', 2)) +
      path('M-22-62h44v9h-44z', accent),
  }),
  grinder: ({ main, accent, flat }: Paint): Drawn => ({
    width: 54,
    svg:
      line('M0-122h42', flat(accent, 2), 5) +
      oval(44, -126, 7, 9, 'url(#walnut)') +
      path('M-20-104q20-22 40 0z', accent) +
      box(-24, -104, 48, 46, 5, main) +
      box(-27, -60, 54, 60, 5, flat(main, 2)) +
      box(-27, -60, 54, 7, 3, accent),
  }),
  knifeBlock: ({ main, accent, flat }: Paint): Drawn => ({
    width: 120,
    svg: knife(0, -2, 1, main, accent, flat(main, 2)),
  }),
  knives: ({ main, accent, flat }: Paint): Drawn => ({
    width: 150,
    svg: knife(-6, -18, 1, main, accent, flat(main, 2)) + knife(10, -2, 0.68, main, accent, flat(main, 2)),
  }),
  thermos: ({ main, accent, flat }: Paint): Drawn => ({
    width: 48,
    svg:
      path('M-17-128q0-8 8-8h18q8 0 8 8v24h-34z', accent) +
      path('M-24-100q0-8 8-8h32q8 0 8 8v92q0 8-8 8h-32q-8 0-8-8z', main) +
      path('M-24-72h48v7h-48z', flat(main, 2)) +
      line('M24-92c18 2 18 40 0 42', flat(accent, 1), 5),
  }),
  shears: ({ main, accent, flat }: Paint): Drawn => ({
    width: 130,
    svg:
      `<g transform="translate(0 -12)">${path('M-4-4c26-14 50-18 74-16-18 16-44 26-70 26z', main)}${path('M-4 4c28 6 50 8 72 0-20-8-44-12-68-14z', flat(main, 2))}` +
      `${line('M-4 2c-20 4-40 12-58 10M-4-2c-16-12-34-22-56-20', accent, 8)}<circle r="5" fill="${flat(main, 0)}"/></g>`,
  }),
  wateringCan: ({ main, accent, flat }: Paint): Drawn => ({
    width: 96,
    svg:
      line('M-30-66c-40-6-40 56-6 54', flat(main, 2), 6) +
      path('M34-36L76-92l9 6L36-12z', flat(main, 1)) +
      path('M70-102l24 14-5 9-24-14z', accent) +
      path('M-38-64h76v54q0 10-10 10h-56q-10 0-10-10z', main) +
      oval(0, -64, 38, 7, flat(main, 0)) +
      oval(0, -63, 32, 5, flat(main, 2)),
  }),
  plant: ({ main, accent, flat }: Paint): Drawn => ({
    width: 60,
    svg:
      [-58, -32, -8, 16, 40, 62]
        .map(
          (angle, n) =>
            `<path d="M0 0c-12-20-12-44 0-62 12 18 12 42 0 62z" transform="translate(0 -50) rotate(${angle})" fill="${flat(accent, n % 2 ? 1 : 0)}"/>`,
        )
        .join('') +
      path('M-28-52h56l-6 46q-1 6-8 6h-28q-7 0-8-6z', main) +
      box(-31, -58, 62, 12, 3, flat(main, 0)),
  }),
  bread: ({ main }: Paint): Drawn => ({
    width: 112,
    svg:
      path('M-56-14c0-26 26-38 56-38s56 12 56 38c0 10-6 14-16 14h-80c-10 0-16-4-16-14z', main) +
      line('M-30-40l10 14M-6-48l10 16M20-46l10 16', '#f2d6a4', 4),
  }),
  parcel: ({ main, accent, flat }: Paint): Drawn => ({
    width: 100,
    svg:
      box(-50, -62, 100, 62, 3, main) +
      path('M-50-62h100v14h-100z', flat(main, 0)) +
      path('M-8-62h16v62h-16z', accent) +
      line('M0-62c-22-22-34-8-20 0zc22-22 34-8 20 0z', flat(accent, 2), 4),
  }),
} as const;

/** A knife that lies flat, its blade to the right. */
const knife = (x: number, y: number, scale: number, blade: string, grip: string, edge: string): string =>
  `<g transform="translate(${x} ${y}) scale(${scale})">${path('M-10-16h84c-8 10-20 15-36 16h-48z', blade)}${path('M-10-5h62c-4 3-8 5-14 5h-48z', edge, ' opacity=".5"')}${box(-66, -17, 58, 14, 6, grip)}</g>`;
