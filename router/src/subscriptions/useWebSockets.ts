import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { mayConnect, type Origins } from '../http/origins.ts';
import { asPlainRequest } from './as-plain-request.ts';
import type { Endpoint } from './endpoint.ts';
import type { Seats } from './seats.ts';
import type { SubscriptionSettings } from './settings.ts';
import { closeCodes, WebSocketConnection } from './web-socket-connection.ts';
import { type WebSocketProtocol, webSocketProtocol } from './web-socket-protocol.ts';

export interface WebSocketsSettings {
  readonly seats: Seats;
  readonly settings: SubscriptionSettings;
  readonly origins: Origins;
  /** The address that clients use, where it is not the one listened on. */
  readonly publicUrl: string | undefined;
  readonly addressOf: (request: IncomingMessage) => string;
}

export interface WebSockets {
  /** Takes them at an address. */
  serve(path: string, endpoint: Endpoint): void;
  /** How many there are. */
  readonly open: number;
  /** Takes no more, and sends away who is there: their clients come back, to another router. */
  close(): Promise<void>;
}

/** Milliseconds that clients have to say goodbye. */
const farewell = 2_000;

/** GraphQL over WebSockets, at the addresses of GraphQL over HTTP. */
export function useWebSockets(server: FastifyInstance, parts: WebSocketsSettings): WebSockets {
  const { seats, settings, origins, publicUrl } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: settings.messageBytes,
    perMessageDeflate: false,
    handleProtocols,
  });
  const connections = new Set<WebSocketConnection>();
  const places = new Map<string, { endpoint: Endpoint; protocol: WebSocketProtocol }>();
  let isClosing = false;
  let allGone: (() => void) | undefined;

  const checks = setInterval(() => {
    for (const connection of connections) connection.check();
  }, settings.keepAlive);
  checks.unref();

  server.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Such as "h2c", which Java's client offers with every first request: it is answered as if it had not.
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      asPlainRequest(server.server, request, stream, head);
      return;
    }
    stream.on('error', () => stream.destroy());
    const path = request.url?.split('?', 1)[0] ?? '';
    const place = places.get(path);
    if (!place) return refuse(stream, 404, 'There is nothing at this address; the API is at /graphql.');
    if (!mayConnect(request.headers, origins, publicUrl)) {
      return refuse(stream, 403, 'Pages of this origin may not connect.');
    }
    const address = parts.addressOf(request);
    const seat = isClosing ? undefined : seats.take(address);
    if (!seat) return refuse(stream, 503, 'No more connections are taken right now; try again shortly.');
    stream.once('close', () => seat.leave());
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const { headers } = request;
      const { identity } = place.endpoint;
      open(
        place.protocol,
        socket,
        place.endpoint,
        new WebSocketConnection({ socket, headers, address, seat, identity, settings }),
      );
    });
  });

  const open = (
    protocol: WebSocketProtocol,
    socket: WebSocket,
    { logger }: Endpoint,
    connection: WebSocketConnection,
  ): void => {
    connections.add(connection);
    // Frames that are none, or too large: the socket is closed with the code for it.
    socket.on('error', () => {});
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => connection.send(data),
        close: (code = closeCodes.failed, reason = '') => connection.close(code, reason),
        onMessage(take) {
          socket.on('message', (data) => {
            connection.heard();
            take(String(data)).catch((error: unknown) => {
              // Messages of types that a server does not take; anything else would be a bug.
              if (!/^Unexpected message/.test(String(error instanceof Error && error.message))) {
                logger.error({ err: error }, 'A message over a WebSocket failed');
                connection.close(closeCodes.failed, 'The router failed.');
              } else connection.close(4400, 'Invalid message received');
            });
          });
        },
      },
      connection,
    );
    socket.once('close', (code, reason) => {
      connections.delete(connection);
      connection.closed();
      Promise.resolve(closed(code, String(reason))).catch((error: unknown) => {
        logger.error({ err: error }, 'Ending what ran over a WebSocket failed');
      });
      if (connections.size === 0) allGone?.();
    });
    if (isClosing) connection.close(closeCodes.goingAway, 'Going away');
  };

  return {
    serve(path, endpoint) {
      places.set(path, { endpoint, protocol: webSocketProtocol(endpoint) });
    },
    get open() {
      return connections.size;
    },
    async close() {
      isClosing = true;
      clearInterval(checks);
      if (connections.size > 0) {
        let timer: NodeJS.Timeout | undefined;
        await new Promise<void>((resolve) => {
          allGone = resolve;
          timer = setTimeout(resolve, farewell);
          for (const connection of connections) connection.close(closeCodes.goingAway, 'Going away');
        });
        clearTimeout(timer);
      }
      for (const connection of connections) connection.cut();
      sockets.close();
    },
  };
}

function refuse(stream: Duplex, status: number, message: string): void {
  // A client that does not close its side would keep the connection for ever.
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
  );
}
