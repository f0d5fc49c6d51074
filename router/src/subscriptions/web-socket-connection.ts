import type { IncomingHttpHeaders } from 'node:http';
import { Interest } from '@mercato/subgraph-client';
import type { WebSocket } from 'ws';
import type { Client } from '../identity/client.ts';
import type { Identity } from '../identity/identity.ts';
import { Credential, isUnauthenticated } from './credential.ts';
import { expiryTimer } from './expiry.ts';
import type { Seat } from './seats.ts';
import type { SubscriptionSettings } from './settings.ts';
import type { Subscriber } from './subscriber.ts';

/** https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md, and RFC 6455. */
export const closeCodes = { goingAway: 1001, failed: 1011, tryAgainLater: 1013, forbidden: 4403 } as const;

/** Bytes that may wait to be taken: beyond, a client asks and does not read. */
const mostUnsent = 32 * 1024 * 1024;

/** Bytes: a frame that closes holds 123, and a sign that is cut in two becomes one of three. */
const longestReason = 120;

export interface ConnectionParts {
  readonly socket: WebSocket;
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  readonly seat: Seat;
  readonly identity: Identity;
  readonly settings: SubscriptionSettings;
}

/** One WebSocket of one client. */
export class WebSocketConnection {
  readonly address: string;
  /** Ends with the connection. */
  readonly interest = new Interest();
  readonly #parts: ConnectionParts;
  #headers: IncomingHttpHeaders;
  readonly #followed = new Set<Subscriber>();
  #operations = 0;
  #client: Client | undefined;
  #credential: Credential | undefined;
  #expiry: { cancel(): void } | undefined;
  #isAlive = true;
  #unsent = 0;
  #tookAt = 0;

  constructor(parts: ConnectionParts) {
    this.#headers = parts.headers;
    this.address = parts.address;
    this.#parts = parts;
    parts.socket.on('pong', () => {
      this.#isAlive = true;
    });
  }

  get headers(): IncomingHttpHeaders {
    return this.#headers;
  }

  /** The client says what it would say in headers, if its WebSocket had any. */
  introduce(given: Readonly<Record<string, string>>): void {
    this.#headers = { ...this.#headers, ...given };
  }

  /** Who it is; known once the connection is acknowledged. */
  get client(): Client {
    if (!this.#client) throw new Error('The connection has not been acknowledged.');
    return this.#client;
  }

  /**
   * Learns who it is, by what the first message says, else by the header that the WebSocket was opened with.
   * @returns false when it has been closed instead
   */
  async recognize(given: string | undefined): Promise<boolean> {
    const { identity, seat } = this.#parts;
    const authorization = given ?? this.headers.authorization;
    try {
      const client = await identity.recognize(authorization);
      if (!seat.claim(client)) {
        this.close(closeCodes.tryAgainLater, 'Too many connections are open; close some.');
        return false;
      }
      this.#client = client;
      this.#credential = new Credential(identity, authorization, client.viewer);
      this.#expiry = expiryTimer(client.expiresAt, () => this.#forbid('The credential has expired.'));
      return true;
    } catch (error) {
      this.#refuse(error);
      return false;
    }
  }

  /**
   * Counts an operation among those under way, whatever name its client gives it: a name is free again before what had it
   * has begun.
   * @returns what ends it; undefined when there are too many
   */
  beginOperation(): (() => void) | undefined {
    if (this.#operations >= this.#parts.settings.operationsPerConnection) return undefined;
    this.#operations += 1;
    return () => {
      this.#operations -= 1;
    };
  }

  /** It ends with the connection at the latest, also where the protocol has lost sight of it. */
  follow(subscriber: Subscriber, ended: () => void): void {
    this.#followed.add(subscriber);
    subscriber.onEnd(() => {
      this.#followed.delete(subscriber);
      ended();
    });
    if (this.interest.aborted) void subscriber.return();
  }

  /** Resolves when the client's network has taken it, so that whoever sends waits for who reads. */
  send(message: string): Promise<void> | undefined {
    const { socket } = this.#parts;
    if (socket.readyState !== socket.OPEN) return undefined;
    if (socket.bufferedAmount > mostUnsent) {
      this.cut();
      return undefined;
    }
    if (this.#unsent === 0) this.#tookAt = performance.now();
    this.#unsent += 1;
    return new Promise((resolve) => {
      // An error closes the socket, which ends all that is sent over it.
      socket.send(message, () => {
        this.#unsent -= 1;
        this.#tookAt = performance.now();
        resolve();
      });
    });
  }

  /** It has said something. */
  heard(): void {
    this.#isAlive = true;
  }

  /** Looks whether the client is still there, still reads, and is still who it was. */
  check(): void {
    const { socket, settings } = this.#parts;
    const isTaking = this.#unsent > 0 && performance.now() - this.#tookAt < settings.keepAlive;
    const isStuck = this.#unsent > 0 && performance.now() - this.#tookAt > settings.stuck;
    if (isStuck || (!this.#isAlive && !isTaking)) {
      this.cut();
      return;
    }
    this.#isAlive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
    void this.#checkCredential();
  }

  /** Nothing more is sent, and nothing is made that would be. */
  close(code: number, reason: string): void {
    this.#parts.socket.close(code, Buffer.from(reason).subarray(0, longestReason).toString());
    this.#endFollowed();
  }

  /** Without waiting for anyone. */
  cut(): void {
    this.#parts.socket.terminate();
  }

  closed(): void {
    this.#expiry?.cancel();
    this.interest.end();
    this.#endFollowed();
    this.#parts.seat.leave();
  }

  async #checkCredential(): Promise<void> {
    const problem = await this.#credential?.problem();
    if (problem) this.#forbid(problem);
  }

  #endFollowed(): void {
    for (const subscriber of [...this.#followed]) void subscriber.return();
  }

  #refuse(error: unknown): void {
    if (isUnauthenticated(error)) this.#forbid(error.message);
    else this.close(closeCodes.tryAgainLater, 'The credential cannot be checked right now.');
  }

  /** Clients take the code as the advice to come again with another credential. */
  #forbid(reason: string): void {
    this.close(closeCodes.forbidden, reason);
  }
}
