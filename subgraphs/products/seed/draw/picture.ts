/** Offset in percent, colour, opacity (1 when left out). */
export type Stop = [offset: number, colour: string, opacity?: number];
export type Point = readonly [x: number, y: number];
type Attributes = Record<string, string | number | undefined>;

const DIRECTIONS = { across: '', down: ' x2="0" y2="1"', diagonal: ' y2="1"' } as const;

/** One SVG of 1200 × 1200, built up shape by shape. Gradients and filters are defined once and shared. */
export class Picture {
  readonly #definitions = new Map<string, string>();
  #shapes = '';

  /** A gradient over the shape it fills; returns the value for `fill`. */
  linear(stops: Stop[], direction: keyof typeof DIRECTIONS = 'across'): string {
    return this.#define(`<linearGradient id="@"${DIRECTIONS[direction]}>${stopsOf(stops)}</linearGradient>`);
  }

  radial(stops: Stop[], centre: Point = [0.5, 0.5], radius = 0.5): string {
    const at = `cx="${centre[0]}" cy="${centre[1]}" r="${radius}"`;
    return this.#define(`<radialGradient id="@" ${at}>${stopsOf(stops)}</radialGradient>`);
  }

  blur(deviation: number): string {
    return this.#define(
      `<filter id="@" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`,
    );
  }

  /** A shadow for what lies flat under the camera, `height` above the surface. */
  raised(height = 12): string {
    const shadow = `dx="${height}" dy="${Math.round(height * 1.4)}" stdDeviation="${height}"`;
    return this.#define(`<filter id="@"><feDropShadow ${shadow} flood-color="#33241b" flood-opacity=".4"/></filter>`);
  }

  path(d: string, attributes: Attributes): void {
    this.#shapes += `<path d="${d}"${written(attributes)}/>`;
  }

  /** A line with round ends. */
  line(d: string, stroke: string, width: number, more: Attributes = {}): void {
    this.path(d, { fill: 'none', stroke, 'stroke-width': width, 'stroke-linecap': 'round', ...more });
  }

  ellipse(cx: number, cy: number, rx: number, ry: number, attributes: Attributes): void {
    this.#shapes += `<ellipse cx="${r(cx)}" cy="${r(cy)}" rx="${r(rx)}" ry="${r(ry)}"${written(attributes)}/>`;
  }

  rect(x: number, y: number, width: number, height: number, radius: number, attributes: Attributes): void {
    const round = radius > 0 ? ` rx="${radius}"` : '';
    this.#shapes += `<rect x="${r(x)}" y="${r(y)}" width="${r(width)}" height="${r(height)}"${round}${written(attributes)}/>`;
  }

  group(attributes: Attributes, draw: () => void): void {
    this.#shapes += `<g${written(attributes)}>`;
    draw();
    this.#shapes += '</g>';
  }

  toSvg(): string {
    const definitions = [...this.#definitions].map(([body, id]) => body.replace('@', id)).join('');
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 1200" width="1200" height="1200"><defs>${definitions}</defs>${this.#shapes}</svg>\n`;
  }

  #define(body: string): string {
    const id = this.#definitions.get(body) ?? String.fromCharCode(97 + this.#definitions.size);
    if (id > 'z') throw new Error('A picture may define 26 gradients and filters; this one wants more.');
    this.#definitions.set(body, id);
    return `url(#${id})`;
  }
}

/** Whole units: at 1200 across, nobody sees less. */
export const r = (value: number): number => Math.round(value);

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');

const stopsOf = (stops: Stop[]): string =>
  stops
    .map(([offset, colour, opacity]) => {
      const see = opacity === undefined ? '' : ` stop-opacity="${opacity}"`;
      return `<stop offset="${offset}%" stop-color="${colour}"${see}/>`;
    })
    .join('');

/** A closed figure of straight lines. */
export const polygon = (...points: Point[]): string => `M${points.map(([x, y]) => `${r(x)} ${r(y)}`).join('L')}Z`;

/** A smooth curve through the points (Catmull–Rom, as cubic segments), without the leading move. A point given twice makes a corner. */
export function through(points: readonly Point[]): string {
  const at = (n: number): Point => points[Math.min(Math.max(n, 0), points.length - 1)] as Point;
  let d = '';
  for (let n = 0; n + 1 < points.length; n++) {
    const [before, from, to, after] = [at(n - 1), at(n), at(n + 1), at(n + 2)];
    if (from[0] === to[0] && from[1] === to[1]) continue;
    const one = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const two = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    d += `C${[...one, ...two, ...to].map(r).join(' ')}`;
  }
  return d;
}
