import { rememberedAnswers } from '@mercato/idempotency';
import { consumeEvents, publishedEvents, receivedEvents, startRelay } from '@mercato/outbox';
import { handle } from '@mercato/queue';
import { retention } from '@mercato/retention';
import type { SubgraphDependencies, SubgraphWorker } from '@mercato/subgraph-server';
import type { ShippingDatabase } from '../domain/database.ts';
import { dropLapsedQuotes } from '../domain/quotes/find-quote.ts';
import { dropLapsedQuotesEvery, dropLapsedQuotesJob } from './drop-lapsed-quotes.ts';
import { heardEvents } from './heard-events.ts';

/** Tells and hears events, and throws away lapsed quotes and old rows. */
export async function startWorker({
  db,
  databaseUrl,
  queues,
  routes,
  logger,
}: Pick<SubgraphDependencies, 'databaseUrl' | 'queues' | 'routes' | 'logger'> & {
  db: ShippingDatabase;
}): Promise<SubgraphWorker> {
  const oldRows = retention('shipping', db, [publishedEvents, receivedEvents, rememberedAnswers]);
  const worker = await queues.work('shipping', [
    consumeEvents('shipping', db, heardEvents),
    handle(dropLapsedQuotesJob, () => dropLapsedQuotes(db)),
    oldRows.handler,
  ]);
  await queues.schedule(dropLapsedQuotesJob, 'drop-lapsed-quotes', { every: dropLapsedQuotesEvery }, {});
  await oldRows.schedule(queues);
  const relay = await startRelay({ databaseUrl, queues, routes, logger });
  return {
    async stop() {
      await relay.stop();
      await worker.close();
    },
  };
}
