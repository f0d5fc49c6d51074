import type { SupergraphUnderTest } from './supergraph.ts';

interface Units {
  orderId: string;
  status: string;
  sku: string;
  units: number;
}

/** What an order's reservation must be, once everybody has heard of everything. */
const reservationOf: Readonly<Record<string, string>> = {
  PLACED: 'CONFIRMED',
  SHIPPED: 'FULFILLED',
  DELIVERED: 'FULFILLED',
};

/**
 * Where checkout's orders and inventory's reservations do not say the same, in a sentence each: a placed order has its
 * units held firmly, a shipped one's have left, and nobody else holds any.
 */
export async function disagreements(shop: SupergraphUnderTest): Promise<string[]> {
  const ordered = await shop.sql<Units>(
    'checkout',
    `SELECT o.id AS "orderId", o.status::text, l.sku, sum(l.quantity)::int AS units
     FROM customer_order o JOIN order_line l ON l.order_id = o.id GROUP BY 1, 2, 3`,
  );
  const reserved = await shop.sql<Units>(
    'inventory',
    `SELECT r.order_id AS "orderId", r.status::text, l.sku, sum(l.quantity)::int AS units
     FROM reservation r JOIN reservation_line l ON l.reservation_id = r.id
     WHERE r.status IN ('HELD', 'CONFIRMED', 'FULFILLED') GROUP BY 1, 2, 3`,
  );
  const key = ({ orderId, sku }: Units) => `${orderId} ${sku}`;
  const lines = new Map(ordered.map((line) => [key(line), line]));
  const held = new Map(reserved.map((line) => [key(line), line]));
  const wrong: string[] = [];
  for (const [name, { status, units }] of lines) {
    const wanted = reservationOf[status];
    const is = held.get(name);
    const said = is ? `${is.units} ${is.status}` : 'none';
    const right = wanted ? `${units} ${wanted}` : 'none';
    if (said !== right) wrong.push(`${name}: ${units} ${status}, and reserved are ${said}`);
  }
  for (const [name, { units, status }] of held)
    if (!lines.has(name)) wrong.push(`${name}: ${units} ${status} for no order`);
  return wrong;
}
