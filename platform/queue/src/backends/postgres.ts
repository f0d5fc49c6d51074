import {
  type BackendFactory,
  createPostgresBackend,
  type IQueueBackend,
  type PgPool,
  Queue,
  runMigrations,
  Worker,
} from 'bullmq';
import { Pool } from 'pg';
import { broadcastChannel } from '../broadcast.ts';
import { addTimeout, workerRetryDelay } from '../policy.ts';
import { type AnyQueue, type AnyWorker, type Backend, QueueUnavailableError, reasonOf, redactUrl } from './backend.ts';

/** The schema that BullMQ's own migrations fill. */
const schema = 'bullmq';

/** @throws QueueUnavailableError */
export async function connectPostgres({ url }: { url: string }): Promise<Backend> {
  const server = redactUrl(url);
  const base = { connectionString: url, keepAlive: true, connectionTimeoutMillis: addTimeout };
  const senders = new Pool({ ...base, max: 4, query_timeout: addTimeout, options: `-c search_path=${schema}` });
  // Every queue listens on the pool that they share.
  senders.setMaxListeners(0);
  const listeners: ((error: Error) => void)[] = [];
  senders.on('error', (error) => {
    for (const listener of listeners) listener(error);
  });
  await migrate(senders, server);

  const onSenders: BackendFactory<IQueueBackend> = (name, options, kind) =>
    createPostgresBackend(name, { ...options, connection: senders as PgPool }, kind);
  // A worker's connections are its own: one that listens for jobs and a few that move them.
  const onItsOwn: BackendFactory<IQueueBackend> = (name, options, kind) =>
    createPostgresBackend(name, { ...options, connection: { ...base, schema, max: 3 } }, kind);

  return {
    kind: 'postgres',
    server,
    createQueue: (name): AnyQueue =>
      new Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend>(name, { connection: {} }, onSenders),
    createWorker: (name, processor, options): AnyWorker =>
      new Worker<unknown, unknown, string, IQueueBackend>(
        name,
        processor,
        { ...options, connection: {}, runRetryDelay: workerRetryDelay },
        onItsOwn,
      ),
    exclusively: oneAtATime(senders),
    broadcast: async (topic, message) => {
      await senders.query('SELECT pg_notify($1, $2)', [broadcastChannel(topic), message]);
    },
    ping: async () => {
      await senders.query('SELECT 1');
    },
    onError: (listener) => {
      listeners.push(listener);
    },
    close: () => senders.end(),
  };
}

/**
 * A lock of the session, since BullMQ works on connections of its own. Within the process they queue up first: each
 * holds a connection of the pool while its work needs another.
 */
function oneAtATime(pool: Pool): Backend['exclusively'] {
  let last: Promise<unknown> = Promise.resolve();
  const locked = async (key: string, work: () => Promise<void>) => {
    const client = await pool.connect();
    try {
      await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`mercato.queue ${key}`]);
      await work();
    } finally {
      // Ending the session gives the lock back, also when the connection no longer answers.
      client.release(true);
    }
  };
  return (key, work) => {
    const done = last.then(() => locked(key, work));
    last = done.catch(() => undefined);
    return done;
  };
}

/** Safe beside other processes that start: BullMQ's migrations wait for each other. */
async function migrate(pool: Pool, server: string): Promise<void> {
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client, schema);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw new QueueUnavailableError(`The queue database ${server} cannot be used: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}
