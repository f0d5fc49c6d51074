import { checkText } from './check-text.ts';
import { duplicates, type Problem } from './problem.ts';
import type { ProductDraft, VariantDraft } from './product-draft.ts';

const mostOptions = 5;
const longestName = 255;

/** Options are distinct, and each variant has one of the values of each of them, no two variants the same ones. */
export function checkOptions({ options, variants }: Pick<ProductDraft, 'options' | 'variants'>): Problem[] {
  return [
    ...(options.length > mostOptions
      ? [{ path: ['options'], message: `must hold at most ${mostOptions} options, not ${options.length}` }]
      : []),
    ...duplicates(options.map(({ name }) => name.toLowerCase())).map((index) => ({
      path: ['options', String(index), 'name'],
      message: 'is the name of another option of this product',
    })),
    ...options.flatMap(({ name, values }, index) => [
      ...checkText(['options', String(index), 'name'], name, longestName, 'required'),
      ...(values.length === 0
        ? [{ path: ['options', String(index), 'values'], message: 'must hold at least one value' }]
        : []),
      ...values.flatMap((value, place) =>
        checkText(['options', String(index), 'values', String(place)], value, longestName, 'required'),
      ),
      ...duplicates(values).map((place) => ({
        path: ['options', String(index), 'values', String(place)],
        message: `is a value of ${name} already`,
      })),
    ]),
    ...variants.flatMap((variant, index) => checkSelection(variant, options, ['variants', String(index)])),
    ...duplicates(variants.map(({ selectedOptions }) => JSON.stringify(selectedOptions))).map((index) => ({
      path: ['variants', String(index), 'selectedOptions'],
      message:
        options.length === 0
          ? 'is missing: a product with several variants needs options that tell them apart'
          : 'has the same values as another variant of this product',
    })),
  ];
}

function checkSelection(
  { selectedOptions }: VariantDraft,
  options: ProductDraft['options'],
  path: string[],
): Problem[] {
  const at = [...path, 'selectedOptions'];
  const missing = options.filter(({ name }) => !selectedOptions.some((selected) => selected.name === name));
  return [
    ...missing.map(({ name }) => ({ path: at, message: `lacks a value for the option ${name}` })),
    ...duplicates(selectedOptions.map(({ name }) => name)).map((index) => ({
      path: [...at, String(index), 'name'],
      message: 'is given twice',
    })),
    ...selectedOptions.flatMap(({ name, value }, index) => {
      const option = options.find((each) => each.name === name);
      if (!option) return [{ path: [...at, String(index), 'name'], message: `is no option of this product: ${name}` }];
      if (option.values.includes(value)) return [];
      return [
        {
          path: [...at, String(index), 'value'],
          message: `is no value of ${name}; use one of ${option.values.slice(0, 10).join(', ')}`,
        },
      ];
    }),
  ];
}
