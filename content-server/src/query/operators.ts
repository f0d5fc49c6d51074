import type { Field } from '../model/description.ts';
import { compareText } from '../store/store.ts';

export type Scalar = string | number | boolean;

/** One filter of a scalar field: `_in` and its like take a list. */
export interface Operator {
  suffix: string;
  list: boolean;
  /** Whether the value passes. `operand` is a list where `list` is true. */
  test: (value: Scalar | null, operand: readonly (Scalar | null)[]) => boolean;
  description: string;
}

const compare = (a: Scalar, b: Scalar): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));

const one = (
  suffix: string,
  description: string,
  test: (value: Scalar | null, operand: Scalar | null) => boolean,
): Operator => ({
  suffix,
  list: false,
  description,
  test: (value, [operand = null]) => test(value, operand),
});

/** A negated filter does not pass an absent value, as in SQL; seen for `_not`, inferred for the others. */
const present = (suffix: string, description: string, test: (value: Scalar, operand: Scalar) => boolean): Operator =>
  one(suffix, description, (value, operand) => value !== null && operand !== null && test(value, operand));

const equality = one(
  '',
  'Equal to the given value; `null` finds entries without a value.',
  (value, operand) => value === operand,
);
const not = one('_not', 'Has a value, and not the given one.', (value, operand) => value !== null && value !== operand);

const membership: Operator[] = [
  { suffix: '_in', list: true, description: 'One of the given values.', test: (value, list) => list.includes(value) },
  {
    suffix: '_not_in',
    list: true,
    description: 'Has a value, and none of the given ones.',
    test: (value, list) => value !== null && !list.includes(value),
  },
];

const texts = (name: string, words: string, test: (value: string, operand: string) => boolean): Operator[] => [
  present(`_${name}`, `${words} the given text.`, (value, operand) => test(String(value), String(operand))),
  present(
    `_not_${name}`,
    `Does not match: ${words.toLowerCase()} the given text.`,
    (value, operand) => !test(String(value), String(operand)),
  ),
];

/** Case matters here and does not in `_search`; that it matters is inferred. */
const text: Operator[] = [
  ...texts('contains', 'Contains', (value, operand) => value.includes(operand)),
  ...texts('starts_with', 'Starts with', (value, operand) => value.startsWith(operand)),
  ...texts('ends_with', 'Ends with', (value, operand) => value.endsWith(operand)),
];

const ranges: Operator[] = [
  present('_lt', 'Less than the given value.', (value, operand) => compare(value, operand) < 0),
  present('_lte', 'At most the given value.', (value, operand) => compare(value, operand) <= 0),
  present('_gt', 'Greater than the given value.', (value, operand) => compare(value, operand) > 0),
  present('_gte', 'At least the given value.', (value, operand) => compare(value, operand) >= 0),
];

const textOperators = [equality, not, ...membership, ...text];
const rangeOperators = [equality, not, ...membership, ...ranges];

export const idOperators: readonly Operator[] = textOperators;
export const instantOperators: readonly Operator[] = rangeOperators;

/** Filters of a field that holds one scalar; none for other fields. */
export function operatorsOf(field: Field): readonly Operator[] {
  switch (field.kind) {
    case 'string':
      return textOperators;
    case 'int':
    case 'float':
    case 'dateTime':
      return rangeOperators;
    case 'boolean':
      return [equality, not];
    case 'enumeration':
      return [equality, not, ...membership];
    default:
      return [];
  }
}

export interface ListOperator {
  suffix: string;
  description: string;
  test: (values: readonly string[], operand: readonly string[]) => boolean;
}

/** Filters of a field of several strings. */
export const listOperators: readonly ListOperator[] = [
  {
    suffix: '',
    description: 'Exactly the given values in their order.',
    test: (values, operand) => values.length === operand.length && values.every((value, n) => value === operand[n]),
  },
  {
    suffix: '_not',
    description: 'Not exactly the given values in their order.',
    test: (values, operand) => values.length !== operand.length || values.some((value, n) => value !== operand[n]),
  },
  {
    suffix: '_contains_all',
    description: 'All of the given values.',
    test: (values, operand) => operand.every((value) => values.includes(value)),
  },
  {
    suffix: '_contains_some',
    description: 'One or more of the given values.',
    test: (values, operand) => operand.some((value) => values.includes(value)),
  },
  {
    suffix: '_contains_none',
    description: 'None of the given values.',
    test: (values, operand) => !operand.some((value) => values.includes(value)),
  },
];

export interface Quantifier {
  suffix: string;
  description: string;
  holds: <T>(items: readonly T[], test: (item: T) => boolean) => boolean;
}

/** Filters over entries that a relation leads to. */
export const quantifiers: readonly Quantifier[] = [
  {
    suffix: '_every',
    description: 'All related entries match; true where there are none.',
    holds: (items, test) => items.every(test),
  },
  { suffix: '_some', description: 'A related entry matches.', holds: (items, test) => items.some(test) },
  { suffix: '_none', description: 'No related entry matches.', holds: (items, test) => !items.some(test) },
];
