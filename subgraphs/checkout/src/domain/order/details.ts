import type { Money } from '@mercato/money';
import type { CheckoutDatabase } from '../database.ts';

export interface OrderLine {
  readonly id: string;
  readonly orderId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  readonly unitPrice: Money;
  readonly total: Money;
}

export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly status: PaymentStatus;
  readonly amount: Money;
}

export type PaymentStatus =
  | 'PENDING'
  | 'ACTION_REQUIRED'
  | 'AUTHORIZED'
  | 'PARTIALLY_CAPTURED'
  | 'CAPTURED'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED'
  | 'VOIDED'
  | 'DECLINED';

/** Lines of many orders, as they were sold. One statement. */
export async function linesOfOrders(db: CheckoutDatabase, orderIds: readonly string[]): Promise<OrderLine[]> {
  const rows = await db.$queryRaw<
    (Omit<OrderLine, 'unitPrice' | 'total'> & { unitPrice: bigint; total: bigint; currency: string })[]
  >`
    SELECT l.id, l.order_id AS "orderId", l.sku, l.title, l.quantity, l.unit_price AS "unitPrice", l.total, o.currency
    FROM order_line l JOIN customer_order o ON o.id = l.order_id
    WHERE l.order_id = ANY(${[...orderIds]}::text[]) ORDER BY l.order_id, l.position`;
  return rows.map(({ unitPrice, total, currency, ...line }) => ({
    ...line,
    unitPrice: { amount: unitPrice, currency },
    total: { amount: total, currency },
  }));
}

const paymentSelect = { id: true, orderId: true, status: true, amount: true, currency: true };
type PaymentRow = Omit<Payment, 'amount'> & { amount: bigint; currency: string };
const readPayment = ({ amount, currency, ...payment }: PaymentRow): Payment => ({
  ...payment,
  amount: { amount, currency },
});

/** Payments of many orders, oldest first. One statement. */
export async function paymentsOfOrders(db: CheckoutDatabase, orderIds: readonly string[]): Promise<Payment[]> {
  const rows = await db.payment.findMany({
    where: { orderId: { in: [...orderIds] } },
    select: paymentSelect,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(readPayment);
}

/** Unknown ones are left out. One statement. */
export async function findPayments(db: CheckoutDatabase, ids: readonly string[]): Promise<Payment[]> {
  return (await db.payment.findMany({ where: { id: { in: [...ids] } }, select: paymentSelect })).map(readPayment);
}
