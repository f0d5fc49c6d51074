export type Variables = Readonly<Record<string, unknown>>;

/** A number, where nothing depends on variables; else what to compute of them. */
export type Amount = number | ((variables: Variables) => number);

/** Whether something is selected: `@skip` and `@include`. */
export type Condition = boolean | ((variables: Variables) => boolean);

export const amountOf = (amount: Amount, variables: Variables): number =>
  typeof amount === 'number' ? amount : amount(variables);

export function sum(amounts: readonly Amount[]): Amount {
  let known = 0;
  const unknown: Exclude<Amount, number>[] = [];
  for (const amount of amounts) {
    if (typeof amount === 'number') known += amount;
    else unknown.push(amount);
  }
  if (unknown.length === 0) return known;
  return (variables) => {
    let total = known;
    for (const amount of unknown) total += amount(variables);
    return total;
  };
}

export function largest(amounts: readonly Amount[]): Amount {
  let known = 0;
  const unknown: Exclude<Amount, number>[] = [];
  for (const amount of amounts) {
    if (typeof amount === 'number') known = Math.max(known, amount);
    else unknown.push(amount);
  }
  if (unknown.length === 0) return known;
  return (variables) => {
    let most = known;
    for (const amount of unknown) most = Math.max(most, amount(variables));
    return most;
  };
}

export function product(count: Amount, each: Amount): Amount {
  if (count === 1) return each;
  // Nothing times too much to be a number.
  if (count === 0 || each === 0) return 0;
  if (typeof count === 'number' && typeof each === 'number') return count * each;
  return (variables) => {
    const times = amountOf(count, variables);
    return times === 0 ? 0 : times * amountOf(each, variables);
  };
}

export function where(condition: Condition, amount: Amount): Amount {
  if (typeof condition === 'boolean') return condition ? amount : 0;
  if (amount === 0) return 0;
  return (variables) => (condition(variables) ? amountOf(amount, variables) : 0);
}

/** Infinite where the condition does not hold, so that `least` passes it over. */
export function onlyWhere(condition: Condition, amount: Amount): Amount {
  if (typeof condition === 'boolean') return condition ? amount : Number.POSITIVE_INFINITY;
  return (variables) => (condition(variables) ? amountOf(amount, variables) : Number.POSITIVE_INFINITY);
}

export function least(left: Amount, right: Amount): Amount {
  if (typeof left === 'number' && typeof right === 'number') return Math.min(left, right);
  return (variables) => Math.min(amountOf(left, variables), amountOf(right, variables));
}

export function both(left: Condition, right: Condition): Condition {
  if (left === true) return right;
  if (right === true) return left;
  if (left === false || right === false) return false;
  return (variables) => left(variables) && right(variables);
}

export function either(conditions: readonly Condition[]): Condition {
  if (conditions.includes(true)) return true;
  const unknown = conditions.filter((condition) => typeof condition === 'function');
  if (unknown.length === 0) return false;
  return (variables) => unknown.some((condition) => condition(variables));
}
