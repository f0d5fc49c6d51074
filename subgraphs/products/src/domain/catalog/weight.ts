import type { WeightUnit } from '../../generated/prisma/enums.ts';

export interface Weight {
  readonly value: number;
  readonly unit: WeightUnit;
}

/** International avoirdupois pound of 1959. */
const grams: Readonly<Record<WeightUnit, number>> = {
  GRAM: 1,
  KILOGRAM: 1_000,
  OUNCE: 28.349523125,
  POUND: 453.59237,
};

export const toGrams = ({ value, unit }: Weight): number => Math.round(value * grams[unit]);

/** Grams in the unit that people want to see, to a thousandth. */
export const fromGrams = (value: number, unit: WeightUnit): Weight => ({
  value: Math.round((value / grams[unit]) * 1_000) / 1_000,
  unit,
});
