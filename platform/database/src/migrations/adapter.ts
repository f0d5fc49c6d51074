import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  isDriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQueryable,
  type Transaction,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { databaseUrl, dropDatabase, ensureDatabase } from '../databases.ts';

/** Postgres' one-byte type `"char"`, which its catalog is full of and Prisma's adapter does not know. */
const INTERNAL_CHAR = 18;
/** Stands in for it on the way through the adapter: no catalog query of the engine returns a UUID. */
const UUID = 2950;

/**
 * `@prisma/adapter-pg` as the schema engine needs it. It differs in three ways: it reads `"char"` columns, it sends
 * a script whole (the original cuts it at every semicolon, also those inside functions), and it holds one
 * connection, because the engine's locks and settings belong to a session.
 */
export function migrationAdapter(url: string, mode: AdapterMode = 'real'): MigrationAdapter {
  const open = new Set<SqlDriverAdapter>();
  const failures: string[] = [];
  const track = async (connecting: Promise<SqlDriverAdapter>): Promise<SqlDriverAdapter> => {
    const adapter = await connecting;
    const tracked = { ...adapter, dispose: () => (open.delete(tracked) ? adapter.dispose() : Promise.resolve()) };
    open.add(tracked);
    return tracked;
  };
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => track(connect(url, mode, failures)),
    connectToShadowDb: () => track(connectToShadow(url)),
    scriptError: () => failures.at(-1) ?? null,
    close: async () => {
      for (const adapter of [...open]) await adapter.dispose();
    },
  };
}

/** A rehearsal happens in one transaction that is never committed. */
export type AdapterMode = 'real' | 'rehearsal';

export interface MigrationAdapter extends SqlMigrationAwareDriverAdapterFactory {
  /** What Postgres said about the last script that failed; the engine's own report loses it. */
  scriptError(): string | null;
  /** Closes what the engine opened and, as it does when freed, left open. */
  close(): Promise<void>;
}

async function connect(url: string, mode: AdapterMode, failures: string[] = []): Promise<SqlDriverAdapter> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 10_000,
    Client: CatalogClient,
    // The end of the connection rolls back.
    ...(mode === 'rehearsal' ? { onConnect: (client) => client.query('BEGIN') } : {}),
  });
  const inner = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  return {
    ...readingChars(inner),
    startTransaction: async (isolation) => {
      if (mode === 'rehearsal') return { ...readingChars(inner), ...partOfRehearsal };
      const transaction = await inner.startTransaction(isolation);
      return { ...transactionOf(transaction), ...readingChars(transaction) };
    },
    executeScript: async (script) => {
      // Without parameters pg uses the simple protocol: many statements, one implicit transaction.
      await inner.executeRaw({ sql: script, args: [], argTypes: [] }).catch((error: unknown) => {
        if (isDriverAdapterError(error)) failures.push(error.cause.originalMessage ?? error.message);
        throw error;
      });
    },
    getConnectionInfo: () => inner.getConnectionInfo(),
    dispose: () => inner.dispose(),
  };
}

async function connectToShadow(url: string): Promise<SqlDriverAdapter> {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  await ensureDatabase(url, name);
  const adapter = await connect(databaseUrl(url, name), 'real');
  return {
    ...adapter,
    dispose: async () => {
      await adapter.dispose();
      await dropDatabase(url, name);
    },
  };
}

function readingChars(queryable: SqlQueryable): SqlQueryable {
  return {
    provider: queryable.provider,
    adapterName: queryable.adapterName,
    executeRaw: (query) => queryable.executeRaw(query),
    queryRaw: async (query) => {
      const result = await queryable.queryRaw(query);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.Uuid ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    },
  };
}

const partOfRehearsal: Omit<Transaction, keyof SqlQueryable> = {
  options: { usePhantomQuery: false },
  commit: async () => undefined,
  rollback: async () => undefined,
};

function transactionOf(transaction: Transaction): Omit<Transaction, keyof SqlQueryable> {
  return {
    options: transaction.options,
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
  };
}

/** Names `"char"` columns as UUIDs, before the adapter looks at them. */
class CatalogClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.connection.on('rowDescription', (message: { fields: { dataTypeID: number }[] }) => {
      for (const field of message.fields) if (field.dataTypeID === INTERNAL_CHAR) field.dataTypeID = UUID;
    });
  }
}
