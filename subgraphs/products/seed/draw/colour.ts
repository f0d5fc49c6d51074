/** Colours as `#rrggbb`. Shadows lean to brown and lights to cream, so that every picture stays in the same warm room. */
export const SHADOW = '#33241b';
export const LIGHT = '#fff6e6';

/** The glazes, cloths and metals of the shop, by the names its options use. */
export const COLOUR = {
  sand: '#d9c3a0',
  moss: '#7d8259',
  ink: '#36455a',
  chalk: '#f2ebde',
  celadon: '#a9bfae',
  cream: '#f1e4c8',
  forest: '#3f5a48',
  brick: '#a8492f',
  cobalt: '#2f4f86',
  natural: '#e0d2b8',
  sage: '#a3ac8c',
  rust: '#b5613a',
  oat: '#e2d3ba',
  white: '#f4efe6',
  clay: '#c88b6c',
  ochre: '#cf9a3f',
  black: '#2b2826',
  bordeaux: '#6b2430',
  honey: '#d99a2b',
  ivory: '#f3e7cc',
  amber: '#b9691f',
  smoke: '#7c7a76',
  iron: '#2f2d2c',
  steel: '#b9b8b3',
  brass: '#c79b4b',
  copper: '#c8744a',
  zinc: '#a9aca9',
  walnut: '#6f4a31',
  olive: '#b98a52',
  beech: '#d9b184',
  oak: '#c69a63',
  willow: '#c79a5f',
  terracotta: '#c4704a',
  leather: '#8a5230',
  paper: '#f6eedd',
  leaf: '#6f7f4f',
  glass: '#dfe9e4',
} as const;

const channels = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** The colour `share` (0 to 1) of the way from one to the other. */
export function mix(from: string, to: string, share: number): string {
  const target = channels(to);
  const mixed = channels(from).map((value, n) => Math.round(value + ((target[n] ?? value) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Lighter for a positive amount, darker for a negative one; 1 is the full light or shadow. */
export function shade(colour: string, amount: number): string {
  return amount < 0 ? mix(colour, SHADOW, -amount) : mix(colour, LIGHT, amount);
}
