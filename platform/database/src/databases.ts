import pg from 'pg';
import { DatabaseSetupError, errorCode, errorMessage } from './errors.ts';

const DUPLICATE_DATABASE = '42P04';
/** Two creations of one name that meet in the catalog. */
const UNIQUE_VIOLATION = '23505';
const UNDEFINED_DATABASE = '3D000';
const OBJECT_IN_USE = '55006';

/** `url` with its database replaced. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

export function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/** Where a URL points, fit for a message: without user and password. */
export function describeServer(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '5432'}`;
}

/**
 * Creates the database unless it exists.
 * @param adminUrl any database of the server, with a role that may create databases
 * @returns the new database's URL
 */
export async function ensureDatabase(adminUrl: string, name: string): Promise<string> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`).catch((error: unknown) => {
      if (errorCode(error) === DUPLICATE_DATABASE || errorCode(error) === UNIQUE_VIOLATION) return;
      throw new DatabaseSetupError(`The database "${name}" could not be created: ${errorMessage(error)}.`);
    });
  });
  return databaseUrl(adminUrl, name);
}

/** Disconnects whoever is in it and drops it; fine when there is none. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`),
  );
}

/** Drops every database whose name begins with `prefix`. */
export async function dropDatabasesLike(adminUrl: string, prefix: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows) {
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
    }
  });
}

/**
 * A database prepared once and copied often: `prepare` fills it, and it gets its name only when that succeeded.
 * Any number of processes may ask for the same template at once; one prepares, the others wait.
 */
export async function createTemplate(
  adminUrl: string,
  name: string,
  prepare: (url: string) => Promise<void>,
): Promise<void> {
  await withClient(adminUrl, (client) =>
    withAdvisoryLock(client, `mercato.template.${name}`, async () => {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount) return;
      const draft = `${name}_draft`;
      await dropDatabase(adminUrl, draft);
      await prepare(await ensureDatabase(adminUrl, draft));
      await client.query(`ALTER DATABASE ${client.escapeIdentifier(draft)} RENAME TO ${client.escapeIdentifier(name)}`);
    }),
  );
}

/** Copies a template in milliseconds. @returns the copy's URL */
export async function cloneDatabase(adminUrl: string, template: string, name: string): Promise<string> {
  await withClient(adminUrl, (client) =>
    // Postgres refuses to copy a database that another session is in, also one that copies it.
    withAdvisoryLock(client, `mercato.template.${template}`, async () => {
      await client.query(
        `CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`,
      );
    }),
  ).catch((error: unknown) => {
    if (errorCode(error) !== OBJECT_IN_USE) throw error;
    throw new DatabaseSetupError(`The template database "${template}" is open somewhere: close that connection.`);
  });
  return databaseUrl(adminUrl, name);
}

/** Runs `work` while this session alone in the database holds the lock `name`. */
export async function withAdvisoryLock<T>(client: pg.Client, name: string, work: () => Promise<T>): Promise<T> {
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
  try {
    return await work();
  } finally {
    // When the connection broke, the lock went with it.
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined);
  }
}

/** Runs `work` with a connection of its own; one that cannot be had is told in one sentence. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'mercato' });
  // A connection that breaks while idle also fails the next query, which reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(url, error);
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function unreachable(url: string, error: unknown): DatabaseSetupError {
  const where = describeServer(url);
  const options = { cause: error };
  switch (errorCode(error)) {
    case UNDEFINED_DATABASE:
      return new DatabaseSetupError(`The database "${databaseName(url)}" does not exist at ${where}.`, options);
    case '28P01':
    case '28000':
      return new DatabaseSetupError(
        `Postgres at ${where} refuses the user or password of DATABASE_URL: correct them.`,
        options,
      );
    default:
      return new DatabaseSetupError(
        `Postgres at ${where} cannot be reached (${errorMessage(error)}): start it, or correct DATABASE_URL.`,
        options,
      );
  }
}
