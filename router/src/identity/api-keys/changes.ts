import type { Logger } from '@mercato/telemetry';
import pg from 'pg';

export interface ChangesOptions {
  readonly databaseUrl: string;
  /** A key with this id was changed, revoked or deleted. */
  readonly changed: (id: string) => void;
  /** We hear again: of what changed meanwhile nobody told. */
  readonly connected: () => void;
  readonly logger: Logger;
}

const againAfterMs = 1_000;

/** Hears the trigger on `api_key`, and connects again when the connection is lost. @returns what stops it */
export function listenForChanges({ databaseUrl, changed, connected, logger }: ChangesOptions): () => Promise<void> {
  let client: pg.Client | undefined;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'mercato-router-keys',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client = fresh;
    const again = () => {
      if (stopped || client !== fresh) return;
      client = undefined;
      retry = setTimeout(() => {
        connecting = connect();
      }, againAfterMs);
    };
    fresh.on('notification', ({ payload }) => changed(payload ?? ''));
    fresh.on('error', (error) => logger.warn({ err: error }, 'Changes of API keys are no longer heard of at once'));
    fresh.on('end', again);
    try {
      await fresh.connect();
      await fresh.query('LISTEN api_key_changed');
      connected();
    } catch (error) {
      logger.debug({ err: error }, 'Changes of API keys cannot be heard of yet');
      await fresh.end().catch(() => undefined);
      again();
    }
  };
  let connecting = connect();

  return async () => {
    stopped = true;
    clearTimeout(retry);
    await connecting;
    await client?.end();
  };
}
