/** Offset in percent, colour, opacity (1 when left out). */
export type Stop = [offset: number, colour: string, opacity?: number];
export type Point = readonly [x: number, y: number];
type Attributes = Record<string, string | number | undefined>;

const DIRECTIONS = { across: '', down: ' x2="0" y2="1"', diagonal: ' y2="1"' } as const;

/** One SVG of 1200 × 1200, built up shape by shape. Gradients and filters are defined once and shared. */
export class Picture {
  readonly #definitions = new Map<string, string>();
  #shapes = '';
  #frame = '';

  /** Brings what is drawn around (x, y) nearer by a factor above 1. */
  closer(factor: number, [x, y]: Point = [600, 860]): void {
    this.#frame = `translate(${r(x - x * factor)} ${r(y - y * factor)})scale(${factor})`;
  }

  /** A gradient over the shape it fills; returns the value for `fill`. */
  linear(stops: Stop[], direction: keyof typeof DIRECTIONS = 'across'): string {
    return this.#fill(`<linearGradient id="@"${DIRECTIONS[direction]}>${stopsOf(stops)}</linearGradient>`);
  }

  radial(stops: Stop[], centre: Point = [0.5, 0.5], radius = 0.5): string {
    const at = `cx="${centre[0]}" cy="${centre[1]}" r="${radius}"`;
    return this.#fill(`<radialGradient id="@" ${at}>${stopsOf(stops)}</radialGradient>`);
  }

  blur(deviation: number): string {
    return this.#fill(
      `<filter id="@" x="-1" y="-1" width="3" height="3"><feGaussianBlur stdDeviation="${deviation}"/></filter>`,
    );
  }

  /** A shadow for what lies flat under the camera, `height` above the surface. */
  raised(height = 12): string {
    const shadow = `dx="${height}" dy="${Math.round(height * 1.4)}" stdDeviation="${height}"`;
    return this.#fill(`<filter id="@"><feDropShadow ${shadow} flood-color="#33241b" flood-opacity=".4"/></filter>`);
  }

  path(d: string, attributes: Attributes): void {
    this.#shapes += `<path d="${d}"${written(attributes)}/>`;
  }

  /** The same outline drawn several times, one over the other. */
  layers(d: string, ...coats: Attributes[]): void {
    const id = this.#define(`<path id="@" d="${d}"/>`);
    for (const coat of coats) this.#shapes += `<use href="#${id}"${written(coat)}/>`;
  }

  /** Draws a thing once, to be placed many times; what it fills with `currentColor` takes the colour of each place. */
  stamp(draw: () => void): (transform: string, colour?: string) => void {
    const before = this.#shapes;
    this.#shapes = '';
    draw();
    const id = this.#define(`<g id="@">${this.#shapes}</g>`);
    this.#shapes = before;
    return (transform, color) => {
      this.#shapes += `<use href="#${id}"${written({ transform, color })}/>`;
    };
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

  /** The file's text; the title is for those who cannot see it. */
  toSvg(title: string): string {
    const definitions = [...this.#definitions].map(([body, id]) => body.replace('@', id)).join('');
    const shapes = this.#frame ? `<g transform="${this.#frame}">${this.#shapes}</g>` : this.#shapes;
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 1200" width="1200" height="1200"><title>${title}</title><defs>${definitions}</defs>${shapes}</svg>\n`.replaceAll(
      / d="[^"]+"/g,
      tight,
    );
  }

  #fill(body: string): string {
    return `url(#${this.#define(body)})`;
  }

  #define(body: string): string {
    const n = this.#definitions.size;
    const id =
      this.#definitions.get(body) ?? `${String.fromCharCode(97 + (n % 26))}${n < 26 ? '' : Math.floor(n / 26)}`;
    this.#definitions.set(body, id);
    return id;
  }
}

/** Path data without the spaces that a minus sign makes needless. */
const tight = (d: string): string => d.replaceAll(/(?<=\d) (?=-)/g, '');

/** Whole units: at 1200 across, nobody sees less. */
export const r = (value: number): number => Math.round(value);

const written = (attributes: Attributes): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${`${value}`.replace(/^0(?=\.)/, '')}"`)
    .join('');

const stopsOf = (stops: Stop[]): string =>
  stops
    .map(([offset, colour, opacity]) => {
      const at = offset === 0 ? '' : ` offset="${`${offset / 100}`.replace(/^0/, '')}"`;
      const see = opacity === undefined ? '' : ` stop-opacity="${`${opacity}`.replace(/^0(?=\.)/, '')}"`;
      return `<stop${at} stop-color="${colour}"${see}/>`;
    })
    .join('');

/** A closed figure of straight lines. */
export const polygon = (...points: Point[]): string => `M${points.map(([x, y]) => `${r(x)} ${r(y)}`).join('L')}Z`;

/** A smooth curve through the points (Catmull–Rom, as cubic segments), going on from the first. A point given twice makes a corner. */
export function through(points: readonly Point[]): string {
  const at = (n: number): Point => points[Math.min(Math.max(n, 0), points.length - 1)] as Point;
  let d = '';
  let pen = points[0] ?? [0, 0];
  for (let n = 0; n + 1 < points.length; n++) {
    const [before, from, to, after] = [at(n - 1), at(n), at(n + 1), at(n + 2)];
    if (from[0] === to[0] && from[1] === to[1]) continue;
    const one = towards(from, before, to, to);
    const two = towards(to, after, from, from);
    const [x, y] = [r(pen[0]), r(pen[1])];
    d += `c${[one, two, to].map(([px, py]) => `${r(px) - x} ${r(py) - y}`).join(' ')}`;
    pen = to;
  }
  return d;
}

/** The handle of a curve at `at`, parallel to the line between its neighbours and at most a third of the way to `end`, so that a short step after a long one does not bulge. */
function towards(at: Point, behind: Point, ahead: Point, end: Point): Point {
  const [dx, dy] = [(ahead[0] - behind[0]) / 6, (ahead[1] - behind[1]) / 6];
  const most = Math.hypot(end[0] - at[0], end[1] - at[1]) / 3;
  const share = Math.min(1, most / Math.max(Math.hypot(dx, dy), 1e-9));
  return [at[0] + dx * share, at[1] + dy * share];
}
