import type { Logger } from '@mercato/telemetry';
import pg from 'pg';

export interface ListenerOptions {
  /** The database itself, or a pooler in session mode: LISTEN belongs to a connection. */
  readonly databaseUrl: string;
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
  /** It listens again after it did not: what was told meanwhile is lost. */
  readonly onRecovered: () => void;
  readonly logger: Logger;
}

/** Milliseconds between looks whether a quiet connection still stands, and how long an answer may take. */
const heartbeatMs = 15_000;
const answerMs = 5_000;
const longestPauseMs = 5_000;

/** One connection that hears a channel, from the first wish to listen on; made anew whenever it is lost. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #waiting = new Set<() => void>();
  #running: Promise<void> | undefined;
  #hears = false;
  #closed = false;
  /** Ends whatever the loop is waiting for. */
  #interrupt: () => void = () => {};

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** @throws Error when the database cannot be listened to within 5 s. */
  async listening(): Promise<void> {
    if (this.#closed) throw new Error('The listener is closed.');
    this.#running ??= this.#run();
    if (this.#hears) return;
    await new Promise<void>((resolve, reject) => {
      const heard = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(heard);
        reject(new Error(`The database does not let itself be listened to (channel ${this.#options.channel}).`));
      }, answerMs);
      this.#waiting.add(heard);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#interrupt();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { logger, onRecovered } = this.#options;
    let heardBefore = false;
    let pauseMs = 100;
    while (!this.#closed) {
      const client = this.#newClient();
      const lost = new Promise<void>((resolve) => {
        client.once('end', resolve);
      });
      try {
        await client.connect();
        await client.query(`LISTEN ${pg.escapeIdentifier(this.#options.channel)}`);
        pauseMs = 100;
        this.#hears = true;
        if (heardBefore) onRecovered();
        heardBefore = true;
        for (const heard of this.#waiting) heard();
        this.#waiting.clear();
        await this.#whileItStands(client, lost);
      } catch (error) {
        if (!this.#closed) logger.warn({ err: error }, 'Changes cannot be heard of; connecting again');
      }
      this.#hears = false;
      // Not waited for: a connection whose other side vanished never ends in good order.
      client.end().catch((error: unknown) => logger.debug({ err: error }, 'A lost connection did not end well'));
      if (this.#closed) return;
      await this.#pause(pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  #newClient(): pg.Client {
    const client = new pg.Client({
      connectionString: this.#options.databaseUrl,
      application_name: 'live-listener',
      keepAlive: true,
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
    });
    client.on('notification', ({ payload }) => this.#options.onNotification(payload ?? ''));
    client.on('error', (error) => this.#options.logger.debug({ err: error }, 'The listening connection broke'));
    return client;
  }

  /** Asks now and then, as a connection that vanished looks like one on which nothing happens. */
  async #whileItStands(client: pg.Client, lost: Promise<void>): Promise<void> {
    let ended = false;
    const over = lost.then(() => {
      ended = true;
      this.#interrupt();
    });
    while (!this.#closed && !ended) {
      await this.#pause(heartbeatMs);
      if (!this.#closed && !ended) await client.query('SELECT 1');
    }
    if (ended) await over;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#interrupt = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
