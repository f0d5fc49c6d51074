import { type Money, multiply, sum } from '@mercato/money';

/** A line as it is stored, with what the catalog copy knows of its sku. Amounts in minor units of the cart. */
export interface StoredLine {
  readonly id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly confirmedUnitPrice: bigint;
  /** Null when the copy has never heard of the sku. */
  readonly title: string | null;
  /** Null when it has no price in the currency of the cart. */
  readonly currentUnitPrice: bigint | null;
  readonly sellable: boolean;
  readonly weightInGrams: number | null;
  readonly taxClass: string | null;
}

export interface PricedLine {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  /** What the shopper last agreed to, when that is not what it costs now. */
  readonly previousUnitPrice: Money | null;
  readonly subtotal: Money;
  readonly total: Money;
  readonly sellable: boolean;
  readonly weightInGrams: number | null;
  readonly taxClass: string | null;
}

/** A line costs what the catalog says now; where it says nothing any more, what the shopper last agreed to. */
export function priceLine(line: StoredLine, currency: string): PricedLine {
  const current = line.currentUnitPrice ?? line.confirmedUnitPrice;
  const unitPrice: Money = { amount: current, currency };
  const subtotal = multiply(unitPrice, line.quantity);
  return {
    id: line.id,
    sku: line.sku,
    title: line.title ?? line.sku,
    quantity: line.quantity,
    unitPrice,
    previousUnitPrice: current === line.confirmedUnitPrice ? null : { amount: line.confirmedUnitPrice, currency },
    subtotal,
    total: subtotal,
    sellable: line.sellable && line.currentUnitPrice !== null,
    weightInGrams: line.weightInGrams,
    taxClass: line.taxClass,
  };
}

/** Totals before delivery and tax. Promotions take nothing off as long as there are none. */
export function costOf(
  lines: readonly PricedLine[],
  currency: string,
): { subtotal: Money; discount: Money; total: Money } {
  const subtotal = sum(
    lines.map((line) => line.subtotal),
    currency,
  );
  return {
    subtotal,
    discount: { amount: 0n, currency },
    total: sum(
      lines.map((line) => line.total),
      currency,
    ),
  };
}
