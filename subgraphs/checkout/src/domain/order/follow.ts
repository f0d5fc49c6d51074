import { type LiveFeed, readAgain } from '@mercato/live';
import type { CheckoutDatabase } from '../database.ts';
import { findOrder, type Order } from './order.ts';

/** An order as it is now; null when it may not be read, or not any more, and there is nothing more to follow. */
export interface OrderNews {
  readonly order: Order | null;
}

/**
 * The order now, and again whenever it, its timeline or its payments change.
 * @param mayRead is asked for each event.
 */
export const followOrder = (
  { db, live }: { readonly db: CheckoutDatabase; readonly live: LiveFeed },
  id: string,
  mayRead: () => boolean,
): Promise<AsyncIterableIterator<OrderNews, undefined>> =>
  readAgain<OrderNews>(live, [`order:${id}`], async () => {
    const order = mayRead() ? await findOrder(db, id) : null;
    return { events: [{ order }], over: order === null };
  });
