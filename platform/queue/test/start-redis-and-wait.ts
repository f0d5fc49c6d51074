import { createLogger } from '@mercato/telemetry';
import { detectQueueBackend } from '../src/index.ts';

/** A start that takes a Redis of its own and is then killed. */
const { connection } = await detectQueueBackend({
  dataDir: process.argv[2] ?? '',
  postgresUrl: 'postgresql://127.0.0.1:1/queue',
  logger: createLogger({ name: 'start', level: 'silent' }),
});
console.log(connection.url);
setInterval(() => {}, 60_000);
