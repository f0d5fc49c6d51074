import { connectQueues } from '@mercato/queue';
import { createLogger } from '@mercato/telemetry';
import { startRelay } from '../src/index.ts';

// A relay in a process of its own, for tests that kill it.
const [databaseUrl, queueUrl] = process.argv.slice(2);
if (!databaseUrl || !queueUrl) throw new Error('Wants the database and the queue database.');
const logger = createLogger({ name: 'relay', level: 'fatal' });
const queues = await connectQueues({ kind: 'postgres', url: queueUrl }, { logger });
await startRelay({
  databaseUrl,
  queues,
  routes: { 'thing.made': ['listener'] },
  logger,
  batchSize: 5,
  leaseSeconds: 1,
});
process.send?.('ready');
