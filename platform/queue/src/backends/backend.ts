import type { ConnectionOptions, IQueueBackend, Processor, Queue, Worker, WorkerOptions } from 'bullmq';

export type AnyQueue = Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend, ConnectionOptions>;
export type AnyWorker = Worker<unknown, unknown, string, IQueueBackend>;
export type AnyProcessor = Processor<unknown, unknown, string>;

/** What differs between the servers a queue may live on. */
export interface Backend {
  readonly kind: 'redis' | 'postgres';
  /** The server, without its password, for messages. */
  readonly server: string;
  createQueue(name: string): AnyQueue;
  createWorker(name: string, processor: AnyProcessor, options: Omit<WorkerOptions, 'connection' | 'prefix'>): AnyWorker;
  /** Runs `work` while no other process runs one of the same key, where the server's own steps are not atomic. */
  exclusively(key: string, work: () => Promise<void>): Promise<void>;
  /** See `Queues.broadcast`. */
  broadcast(topic: string, message: string): Promise<void>;
  /** Rejects while the server cannot be reached. */
  ping(): Promise<void>;
  /** Called with each error of a connection that no call waits for. */
  onError(listener: (error: Error) => void): void;
  /** Ends the connections that queues share. Queues and workers are closed by then. */
  close(): Promise<void>;
}

/** The queue's server cannot be used as it is; the message says which and what to do. */
export class QueueUnavailableError extends Error {
  override readonly name = 'QueueUnavailableError';
}

/** A connection URL for messages: without user and password. */
export function redactUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/** An error as the end of a sentence. Node gives several failed addresses of one host an empty message, but a code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : error.message.replace(/\.$/, '');
}
