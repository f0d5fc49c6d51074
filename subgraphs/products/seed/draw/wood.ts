import { shade } from './colour.ts';
import type { Picture } from './picture.ts';
import { stopsFor } from './vessel.ts';

/** A flat piece of wood; `grain` are lines that follow it. */
export function plank(p: Picture, d: string, colour: string, grain: string): void {
  p.path(d, {
    fill: p.linear(
      [
        [0, shade(colour, 0.25)],
        [50, colour],
        [100, shade(colour, -0.18)],
      ],
      'diagonal',
    ),
  });
  p.line(grain, shade(colour, -0.45), 5, { opacity: 0.4 });
}

/** A knife from above, its tip to the left, centred on (0, 0): blade `length`, handle 330 long. */
export function knife(p: Picture, length: number, height: number, handle: string, serrated = false): void {
  const edge = serrated ? scallops(length, height) : `Q${-length} ${height * 0.35} ${-length + 8} -8`;
  const heel = `M0 -34V${height - 34}`;
  const blade = serrated
    ? `${heel}${edge}Q${-length - 16} -30 ${-length + 20} -34Z`
    : `${heel}C${-length * 0.5} ${height - 30} ${-length * 0.85} ${height * 0.45} ${-length} -8C${-length * 0.7} -30 ${-length * 0.3} -36 0 -34Z`;
  p.path(blade, {
    fill: p.linear(
      [
        [0, '#8f9090'],
        [40, '#d8d8d3'],
        [62, '#b4b4af'],
        [100, '#eceae4'],
      ],
      'down',
    ),
  });
  p.rect(-6, -38, 44, 66, 8, { fill: p.linear(stopsFor('#c2a15a', 'metal'), 'down') });
  const grip = 'M36 -34C120 -44 200 -30 270 -36Q350 -38 352 4T280 44C200 28 120 38 36 28Z';
  p.path(grip, {
    fill: p.linear(
      [
        [0, shade(handle, 0.3)],
        [45, handle],
        [100, shade(handle, -0.4)],
      ],
      'down',
    ),
  });
  p.line('M60 -12C160 -20 240 -6 330 -8M70 12C170 4 240 18 320 18', shade(handle, -0.4), 4, { opacity: 0.45 });
  for (const x of [90, 190, 290]) p.ellipse(x, 0, 9, 9, { fill: '#d9b976' });
}

function scallops(length: number, height: number): string {
  const count = Math.floor(length / 40);
  return `${'q-20 22 -40 0'.repeat(count)}L${-length} ${height - 60}`;
}
