/**
 * `amount × numerator / denominator` in minor units, rounded half to even, so that many roundings do not drift one way.
 * The denominator is positive; else `RangeError`.
 */
export function multiplyRatio(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError(`A ratio's denominator is positive, not ${denominator}.`);

  const product = amount * numerator;
  const quotient = floorDivide(product, denominator);
  const twice = (product - quotient * denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n !== 0n)) return quotient + 1n;
  return quotient;
}

/**
 * Splits a total by weights, in minor units. Each part is rounded towards zero; what remains goes, a unit each, to the
 * parts that lost the largest fractions, earlier ones first among equals: the parts always sum to the total, and none is
 * further than one unit from its exact share. A weight of zero gets nothing.
 *
 * Throws `RangeError` for a negative weight, and when there is an amount to split but no weight above zero.
 */
export function prorate(total: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((acc, weight) => acc + assertWeight(weight), 0n);
  if (total === 0n) return weights.map(() => 0n);
  if (whole === 0n) throw new RangeError(`Nothing to split ${total} by: no weight is above zero.`);

  const sign = total < 0n ? -1n : 1n;
  const size = total * sign;
  const shares = weights.map((weight, index) => ({
    index,
    units: (size * weight) / whole,
    lost: (size * weight) % whole,
  }));

  let left = size - shares.reduce((acc, share) => acc + share.units, 0n);
  for (const share of shares.toSorted((a, b) => compare(b.lost, a.lost) || a.index - b.index)) {
    if (left === 0n) break;
    share.units += 1n;
    left -= 1n;
  }
  return shares.map((share) => share.units * sign);
}

function assertWeight(weight: bigint): bigint {
  if (weight < 0n) throw new RangeError(`A weight is never negative: ${weight}.`);
  return weight;
}

/** Towards minus infinity, where bigint's own division goes towards zero. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}

function compare(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
