import { consumeEvents, on } from '@mercato/outbox';
import type { JobHandler } from '@mercato/queue';
import { copyProduct } from '../domain/catalog-copy.ts';
import type { InventoryDatabase, InventoryTransaction } from '../domain/database.ts';
import { bookOpeningStock } from '../domain/opening-stock.ts';
import { closeMissingReservation } from '../domain/reconciliation/close.ts';
import { bookDispatch } from '../domain/reservation/fulfil.ts';
import { release } from '../domain/reservation/release.ts';
import {
  openingStockImported,
  orderCancelled,
  productCreated,
  productUpdated,
  shipmentDispatched,
} from '../events/heard.ts';

/** What follows here from what happened elsewhere. */
export const eventHandler = (db: InventoryDatabase): JobHandler =>
  consumeEvents<InventoryTransaction>('inventory', db, [
    on(productCreated, (tx, { payload, version }) => copyProduct(tx, payload, version)),
    on(productUpdated, (tx, { payload, version }) => copyProduct(tx, payload, version)),
    on(openingStockImported, (tx, { payload }) =>
      bookOpeningStock(tx, { ...payload, reference: payload.reference ?? 'opening', actor: 'service:products' }),
    ),
    on(shipmentDispatched, (tx, { payload }) =>
      bookDispatch(tx, { ...payload, dispatchedAt: new Date(payload.dispatchedAt), actor: 'service:shipping' }),
    ),
    on(orderCancelled, async (tx, { payload }) => {
      // Goods that left stay left: what comes back is a return, not a release.
      await release(tx, payload.orderId, payload.reason ?? 'order cancelled');
      await closeMissingReservation(tx, payload.orderId, 'The order was cancelled.');
    }),
  ]);
