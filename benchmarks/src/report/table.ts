import { type Figure, holds } from './figure.ts';
import { spreadOf } from './spread.ts';

export interface Section {
  readonly benchmark: string;
  readonly figures: readonly Figure[];
}

const heads = ['', 'min', 'median', 'max', 'n', 'unit', 'wanted', ''];

/** A Markdown table a benchmark, so that it can be pasted as it is printed. */
export function printTable(sections: readonly Section[]): string {
  return sections.map(({ benchmark, figures }) => `### ${benchmark}\n\n${table(figures)}`).join('\n\n');
}

function table(figures: readonly Figure[]): string {
  const rows = [heads, ...figures.map(row)];
  const widths = heads.map((_, column) => Math.max(3, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const isNumber = (column: number) => column >= 1 && column <= 4;
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (isNumber(column) ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`;
  return [line(heads), rule, ...rows.slice(1).map(line)].join('\n');
}

function row(figure: Figure): string[] {
  const { name, unit, values, wish } = figure;
  const { min, median, max } = spreadOf(values);
  const wanted = wish ? `${wish.bound} ${number(wish.value)} (${wish.kind})` : '';
  return [name, number(min), number(median), number(max), String(values.length), unit, wanted, verdict(figure)];
}

function verdict(figure: Figure): string {
  if (!figure.wish) return '';
  if (holds(figure)) return 'met';
  return figure.wish.kind === 'gate' ? 'MISSED' : 'not reached';
}

/** Three digits that say something. */
export function number(value: number): string {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
