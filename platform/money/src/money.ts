/** An exact amount in one currency. */
export interface Money {
  /** In minor units of the currency: 4299n is 42.99 USD, and 4299 JPY. May be negative. */
  readonly amount: bigint;
  /** Three ISO 4217 letters, upper case. */
  readonly currency: string;
}
