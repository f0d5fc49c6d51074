export { add, multiply, negate, subtract, sum } from './arithmetic.ts';
export { CurrencyMismatchError, isCurrency, minorDigits, UnknownCurrencyError } from './currency.ts';
export { formatAmount, MAX_AMOUNT, type ParsedAmount, parseAmount, toGraphQL } from './decimal.ts';
export type { Money } from './money.ts';
export { multiplyRatio, prorate } from './proration.ts';
