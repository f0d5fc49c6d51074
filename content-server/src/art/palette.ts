/** Colours that belong together, each as lit, plain and shaded. */
export const tones = {
  clay: ['#d99a7c', '#c27a58', '#9b5a3d'],
  rust: ['#c46b4a', '#a84f30', '#7d3820'],
  sand: ['#efe0c6', '#e0cba6', '#c3a97d'],
  cream: ['#fffaf0', '#f5ebda', '#dccdb4'],
  linen: ['#f1ebe0', '#e2d8c7', '#c4b69e'],
  sage: ['#b9c4a4', '#96a57f', '#71805c'],
  pine: ['#6f8a78', '#4e6b5a', '#354c40'],
  sea: ['#a9c0c6', '#7f9da6', '#5b7882'],
  ink: ['#5b6472', '#3c4350', '#272c36'],
  iron: ['#5a5653', '#3d3a38', '#272524'],
  steel: ['#e3e5e4', '#bcc2c2', '#8d9697'],
  brass: ['#e6c887', '#c9a35a', '#99763a'],
  wood: ['#cd9f6c', '#b07f4c', '#875c32'],
  walnut: ['#94694a', '#744d33', '#533522'],
  rose: ['#ecc9bb', '#dba995', '#b98370'],
  honey: ['#f3d08a', '#e3b255', '#bb8833'],
  lemon: ['#f5dd86', '#e8c651', '#c09f35'],
  leaf: ['#93a878', '#708a57', '#51683d'],
  crust: ['#d9a563', '#bb7f3e', '#8d5a28'],
  glass: ['#f4faf8', '#d5e5e2', '#a9c3c0'],
} as const satisfies Record<string, readonly [string, string, string]>;

export type Tone = keyof typeof tones;

/** Wall and table of a scene: each from light to dark. */
export const palettes = {
  oat: { wall: ['#f7efe2', '#e9dac3'], table: ['#d9bf9b', '#c2a37b'], shape: '#fdf8ef' },
  clay: { wall: ['#f0d9ca', '#e2bda8'], table: ['#b98063', '#9c654a'], shape: '#f8e8dd' },
  sage: { wall: ['#e6ead9', '#cdd5ba'], table: ['#b39a78', '#977d5c'], shape: '#f3f5ea' },
  dusk: { wall: ['#dfd6d6', '#bfb3b8'], table: ['#8a6f62', '#6d5549'], shape: '#f1e5dd' },
  sea: { wall: ['#e1eaea', '#c2d2d3'], table: ['#cdb797', '#b49a78'], shape: '#f3f8f7' },
  honey: { wall: ['#f8e9c8', '#eed29b'], table: ['#b58453', '#966a3f'], shape: '#fdf5e0' },
  night: { wall: ['#4d5560', '#363c46'], table: ['#6b4b37', '#4f3626'], shape: '#6a7078' },
} as const satisfies Record<
  string,
  { wall: readonly [string, string]; table: readonly [string, string]; shape: string }
>;

export type Palette = keyof typeof palettes;
