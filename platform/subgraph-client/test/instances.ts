import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Instance, InstanceSource } from '../src/index.ts';

/** An instance that is a process of its own. */
export interface InstanceProcess {
  readonly url: string;
  readonly port: number;
  signal(signal: NodeJS.Signals): Promise<void>;
}

const processes: ChildProcess[] = [];

export async function startInstance(name: string, latencyMs: number, port = 0): Promise<InstanceProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'programs/instance.mjs')], {
    env: { NAME: name, LATENCY_MS: String(latencyMs), PORT: String(port) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  processes.push(child);
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${message.port}/graphql`,
    port: message.port,
    async signal(signal) {
      const gone = signal === 'SIGKILL' ? once(child, 'exit') : undefined;
      child.kill(signal);
      await gone;
    },
  };
}

/** Ends the processes that tests started. */
export function endInstances(): void {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
}

export interface Request {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly response: ServerResponse;
}

/** An instance within the test, which decides what each request gets. */
export interface InstanceServer {
  readonly url: string;
  readonly server: Server;
  readonly requests: Request[];
  /** What becomes of requests from now on. */
  respond: (request: Request) => void;
  close(): Promise<void>;
}

export const answer =
  (who: string) =>
  ({ response }: Request): void => {
    response.end(JSON.stringify({ data: { who } }));
  };
export const status =
  (code: number) =>
  ({ response }: Request): void => {
    response.writeHead(code).end('no');
  };
/** Takes the request and says nothing, ever. */
export const silence = (): void => undefined;
/** Takes the request and breaks the connection. */
export const breakOff = ({ response }: Request): void => {
  response.destroy();
};

export async function serve(respond: (request: Request) => void): Promise<InstanceServer> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const taken = { headers: request.headers, body, response };
    // What the transport asks by itself, to see whether an instance is back, is no request of a caller.
    if (request.headers.authorization) instance.requests.push(taken);
    instance.respond(taken);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const instance: InstanceServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    server,
    requests: [],
    respond,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return instance;
}

/** A list that a test changes. */
export function changingInstances(
  first: readonly Instance[],
): InstanceSource & { set(next: readonly Instance[]): void } {
  let list = first;
  const listeners = new Set<() => void>();
  return {
    instancesOf: () => list,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(next) {
      list = next;
      for (const listener of listeners) listener();
    },
    close: async () => {},
  };
}
