/** A refusal for what an input says: which field, and how to mend it. */
export interface InvalidInput {
  readonly kind: 'invalid-input';
  readonly message: string;
  /** Path below `input`. */
  readonly path: readonly string[];
}

/** Units in one line: far above any real delivery, far below what a level can hold. */
export const maxQuantity = 1_000_000;
const maxText = 255;

export interface StockLine {
  readonly sku: string;
  readonly quantity: number;
}

export const invalid = (message: string, ...path: string[]): InvalidInput => ({ kind: 'invalid-input', message, path });

/** The first fault, if there is one. */
export const firstFault = (...checks: readonly (InvalidInput | undefined)[]): InvalidInput | undefined =>
  checks.find((fault) => fault !== undefined);

/** Text that names something: not blank, not endless, and storable. */
export function checkText(value: string | null | undefined, ...path: string[]): InvalidInput | undefined {
  if (value === null || value === undefined) return undefined;
  const field = path.at(-1) ?? 'value';
  if (value.trim() === '') return invalid(`\`${field}\` is empty; give it a value.`, ...path);
  if (value.length > maxText) return invalid(`\`${field}\` is longer than ${maxText} characters; shorten it.`, ...path);
  if (value.includes('\0')) return invalid(`\`${field}\` holds a NUL character; take it out.`, ...path);
  if (/\p{Surrogate}/u.test(value)) {
    return invalid(`\`${field}\` holds half of a character; send it as valid Unicode.`, ...path);
  }
  return undefined;
}

export function checkQuantity(value: number, ...path: string[]): InvalidInput | undefined {
  if (value >= 1 && value <= maxQuantity) return undefined;
  return invalid(`\`${path.at(-1)}\` is ${value}; give a number from 1 to ${maxQuantity}.`, ...path);
}

export function checkLines(lines: readonly StockLine[], max: number): InvalidInput | undefined {
  return (
    checkLineCount(lines, max) ??
    firstFault(
      ...lines.map(
        ({ sku, quantity }, index) =>
          checkText(sku, 'lines', String(index), 'sku') ?? checkQuantity(quantity, 'lines', String(index), 'quantity'),
      ),
    )
  );
}

export function checkLineCount(lines: readonly unknown[], max: number): InvalidInput | undefined {
  if (lines.length === 0) return invalid('`lines` is empty; give at least one line.', 'lines');
  if (lines.length > max)
    return invalid(`\`lines\` has ${lines.length} lines; send at most ${max} at a time.`, 'lines');
  return undefined;
}

/** One line a sku, quantities summed, in the order first named. */
export function sumBySku(lines: readonly StockLine[]): StockLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}
