import { once } from 'node:events';
import type { FormattedExecutionResult } from 'graphql';
import type { Client } from 'graphql-ws';
import { type ClientOptions, WebSocket } from 'ws';

type Answer = FormattedExecutionResult<Record<string, unknown>, unknown>;

/** A subscription of a `graphql-ws` client. */
export interface Follower {
  /** The next answer. Fails with what the server ended it with. */
  next(): Promise<Answer>;
  /** Answers that have not been read. */
  readonly waiting: number;
  /** How it ended: `complete`, or the errors or the close that ended it; undefined while it runs. */
  readonly end: unknown;
  stop(): void;
}

export function follow(client: Client, query: string, variables: Record<string, unknown> = {}): Follower {
  const answers: Answer[] = [];
  const waiting: { resolve: (answer: Answer) => void; reject: (reason: unknown) => void }[] = [];
  let end: unknown;
  const finish = (how: unknown) => {
    end = how;
    for (const { reject } of waiting.splice(0)) reject(how);
  };
  const stop = client.subscribe<Record<string, unknown>>(
    { query, variables },
    {
      next(answer) {
        const asking = waiting.shift();
        if (asking) asking.resolve(answer);
        else answers.push(answer);
      },
      error: finish,
      complete: () => finish('complete'),
    },
  );
  return {
    next() {
      const answer = answers.shift();
      if (answer) return Promise.resolve(answer);
      if (end !== undefined) return Promise.reject(end);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
    },
    get waiting() {
      return answers.length;
    },
    get end() {
      return end;
    },
    stop,
  };
}

/** A WebSocket as a client without a library has it. */
export interface RawSocket {
  readonly socket: WebSocket;
  readonly received: { type: string; id?: string; payload?: unknown }[];
  /** Code and reason. */
  readonly closed: Promise<[number, string]>;
  send(message: unknown): void;
}

export async function openRaw(
  url: string,
  {
    protocol = 'graphql-transport-ws',
    init = true,
    ...options
  }: ClientOptions & { protocol?: string; init?: boolean } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(url, protocol, options);
  const received: RawSocket['received'] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = new Promise<[number, string]>((resolve) => {
    socket.once('close', (code, reason) => resolve([code, String(reason)]));
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  const send = (message: unknown) => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  if (init) {
    send({ type: 'connection_init' });
    await once(socket, 'message');
  }
  return { socket, received, closed, send };
}

/** Status and body with which the opening of a WebSocket is refused. */
export async function refusal(
  url: string,
  options: ClientOptions = {},
): Promise<{ status: number | undefined; text: string }> {
  const socket = new WebSocket(url, 'graphql-transport-ws', options);
  const [, response] = await once(socket, 'unexpected-response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, text: body };
}
