import { shade } from './colour.ts';
import { Picture } from './picture.ts';

const ROOMS = {
  cream: ['#efe2cc', '#d5b083'],
  clay: ['#dcb396', '#f0e0c8'],
  sage: ['#c6c9ae', '#e8d9bd'],
  rose: ['#e6c6b1', '#bd8f69'],
  mist: ['#cfcdc2', '#e6d8c0'],
  honey: ['#ead0a2', '#f5e9d3'],
  dusk: ['#8f8577', '#d3bd9c'],
} as const;
export type Room = keyof typeof ROOMS;

/** Where the table top meets the wall, in picture units from above. */
export const HORIZON = 790;

/** A table against a wall, with the light of a window falling in from the left. */
export function table(room: Room, horizon = HORIZON): Picture {
  const [wall, top] = ROOMS[room];
  const p = new Picture();
  p.rect(0, 0, 1200, horizon, 0, {
    fill: p.linear(
      [
        [0, shade(wall, 0.35)],
        [60, wall],
        [100, shade(wall, -0.14)],
      ],
      'diagonal',
    ),
  });
  p.path('M90 0H330L620 790H380ZM390 0H560L850 790H680Z', { fill: '#fff6e6', opacity: 0.22, filter: p.blur(20) });
  p.rect(0, horizon, 1200, 1200 - horizon, 0, {
    fill: p.linear(
      [
        [0, shade(top, -0.1)],
        [20, shade(top, 0.12)],
        [100, shade(top, -0.12)],
      ],
      'down',
    ),
  });
  return p;
}

/** A surface seen from above. With `boards`, it is planed wood. */
export function surface(colour: string, boards = false): Picture {
  const p = new Picture();
  p.rect(0, 0, 1200, 1200, 0, {
    fill: p.radial(
      [
        [0, shade(colour, 0.4)],
        [55, colour],
        [100, shade(colour, -0.2)],
      ],
      [0.35, 0.3],
      0.95,
    ),
  });
  if (boards) {
    p.line('M0 290H1200M0 610H1200M0 930H1200', shade(colour, -0.35), 4, { opacity: 0.5 });
    p.line(
      'M0 120Q500 160 1200 110M0 460Q700 400 1200 470M0 760Q400 800 1200 740M0 1080Q600 1040 1200 1090',
      shade(colour, -0.3),
      3,
      { opacity: 0.25 },
    );
  }
  return p;
}

/** The soft shadow of something that stands at (x, y) and is twice `half` wide. */
export function shadow(p: Picture, x: number, y: number, half: number, opacity = 0.38): void {
  p.ellipse(x + half * 0.35, y + half * 0.04, half * 1.35, half * 0.26 + 8, {
    fill: '#33241b',
    opacity,
    filter: p.blur(20),
  });
}
