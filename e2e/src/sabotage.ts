import { randomUUID } from 'node:crypto';
import type { SupergraphUnderTest } from './supergraph.ts';

/** What goes wrong in inventory's database past its own code: bugs, restores, people with SQL. */
export interface Sabotage {
  /** Holds units at MAIN for an order that never was. */
  strandReservation(sku: string, quantity: number): Promise<void>;
  /** Loses an order's reservation as if it had never been made. */
  loseReservation(orderId: string): Promise<void>;
  /** Opens the reservation of an order that gave it back, as if it never had. */
  reopenReservation(orderId: string): Promise<void>;
  /** Takes an order's confirmation back. */
  unconfirmReservation(orderId: string): Promise<void>;
  /** Lets an order's hold lapse. */
  lapseHold(orderId: string): Promise<void>;
  /** Changes the level at a warehouse and leaves the ledger as it is. */
  changeLevel(sku: string, change: { onHand?: number; reserved?: number }, warehouse?: string): Promise<void>;
  /** Changes what is told to be for sale and leaves the levels as they are. */
  tellAvailable(sku: string, units: number): Promise<void>;
}

export function sabotage({ sql }: SupergraphUnderTest): Sabotage {
  const run = (text: string, values: unknown[]) => sql('inventory', text, values).then(() => undefined);
  /** Adds an order's open units to what its levels say is reserved, or takes them away. */
  const reserveAgain = (orderId: string, sign: 1 | -1) =>
    run(
      `UPDATE stock_level l SET reserved = l.reserved + $2 * o.units FROM (
         SELECT rl.sku, rl.warehouse_id, rl.quantity - rl.fulfilled_quantity AS units
         FROM reservation r JOIN reservation_line rl ON rl.reservation_id = r.id WHERE r.order_id = $1) o
       WHERE l.sku = o.sku AND l.warehouse_id = o.warehouse_id`,
      [orderId, sign],
    );
  const age = `updated_at = now() - interval '1 hour'`;

  return {
    strandReservation: (sku, quantity) =>
      run(
        `WITH main AS (SELECT id FROM warehouse WHERE code = 'MAIN'),
           stranded AS (INSERT INTO reservation (id, order_id, status, country, created_at, updated_at)
             VALUES ($1, $2, 'CONFIRMED', 'US', now() - interval '1 hour', now() - interval '1 hour') RETURNING id),
           line AS (INSERT INTO reservation_line (id, reservation_id, status, sku, warehouse_id, quantity)
             SELECT $1 || '-line', stranded.id, 'CONFIRMED', $3, main.id, $4 FROM stranded, main)
         UPDATE stock_level SET reserved = reserved + $4 WHERE sku = $3 AND warehouse_id = (SELECT id FROM main)`,
        [`reservation_${randomUUID()}`, `order_${randomUUID()}`, sku, quantity],
      ),
    async loseReservation(orderId) {
      await reserveAgain(orderId, -1);
      await run('DELETE FROM reservation WHERE order_id = $1', [orderId]);
    },
    async reopenReservation(orderId) {
      await run(`UPDATE reservation SET status = 'CONFIRMED', ${age} WHERE order_id = $1`, [orderId]);
      await reserveAgain(orderId, 1);
    },
    unconfirmReservation: (orderId) =>
      run(
        `UPDATE reservation SET status = 'HELD', expires_at = now() + interval '1 hour', ${age} WHERE order_id = $1`,
        [orderId],
      ),
    lapseHold: (orderId) =>
      run(`UPDATE reservation SET expires_at = now() - interval '1 minute' WHERE order_id = $1 AND status = 'HELD'`, [
        orderId,
      ]),
    changeLevel: (sku, { onHand = 0, reserved = 0 }, warehouse = 'MAIN') =>
      run(
        `UPDATE stock_level SET on_hand = on_hand + $3, reserved = reserved + $4
         WHERE sku = $1 AND warehouse_id = (SELECT id FROM warehouse WHERE code = $2)`,
        [sku, warehouse, onHand, reserved],
      ),
    tellAvailable: (sku, units) => run('UPDATE sku_availability SET available = $2 WHERE sku = $1', [sku, units]),
  };
}
