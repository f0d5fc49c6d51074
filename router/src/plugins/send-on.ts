import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps, Agent as SecureAgent } from 'node:https';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Connections that are kept for the next request. */
export interface Agents {
  readonly plain: Agent;
  readonly secure: SecureAgent;
  destroy(): void;
}

export function keptConnections(): Agents {
  const plain = new Agent({ keepAlive: true, maxSockets: 64 });
  const secure = new SecureAgent({ keepAlive: true, maxSockets: 64 });
  return {
    plain,
    secure,
    destroy() {
      plain.destroy();
      secure.destroy();
    },
  };
}

export interface Onward {
  /** Where to, such as `http://host:4001`. */
  readonly base: string;
  /** As the client sent it. */
  readonly path: string;
  readonly method: string;
  readonly headers: OutgoingHttpHeaders;
  /** The client's request, still to be read; none for a method without a body. */
  readonly body: IncomingMessage | undefined;
  readonly agents: Agents;
  /** Milliseconds without a byte. A whole upload may take its time. */
  readonly idleTimeout: number;
}

/** Sends a request on, its body as it comes, and gives the answer as soon as its head is there. */
export function sendOn({ base, path, method, headers, body, agents, idleTimeout }: Onward): Promise<IncomingMessage> {
  const address = new URL(base);
  const isSecure = address.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const onward = isSecure
      ? requestHttps(address, { path, method, headers, agent: agents.secure })
      : requestHttp(address, { path, method, headers, agent: agents.plain });
    let answered = false;
    onward.setTimeout(idleTimeout, () => onward.destroy(new Error(`Not a byte in ${idleTimeout} ms.`)));
    onward.on('error', reject);
    onward.once('response', (answer) => {
      answered = true;
      // What is left of a body that was refused half-way stays unsent: the connection is of no further use.
      if (!onward.writableEnded) answer.once('close', () => onward.destroy());
      resolve(answer);
    });
    if (!body) {
      onward.end();
      return;
    }
    pour(body, onward, () => answered).catch((error: unknown) => {
      onward.destroy();
      reject(error);
    });
  });
}

/**
 * Piece by piece, with a turn of the event loop after each: who refuses a body half-way answers and hangs up, and the
 * answer must be read before the next piece runs into the closed connection.
 */
async function pour(body: IncomingMessage, onward: ClientRequest, answered: () => boolean): Promise<void> {
  // Left early, the client's connection must stay: its answer is still to come.
  for await (const piece of body.iterator({ destroyOnReturn: false })) {
    if (answered() || onward.destroyed) return;
    if (!onward.write(piece)) {
      await Promise.race([once(onward, 'drain'), once(onward, 'response'), once(onward, 'close')]);
    }
    await nextTurn();
  }
  onward.end();
}
