import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import { GraphQLError } from 'graphql';
import { eventStreamType, streamedEvent } from '../http/media-types.ts';
import type { Client } from '../identity/client.ts';
import type { Identity } from '../identity/identity.ts';
import { RequestError } from '../operations/request-error.ts';
import { Credential } from './credential.ts';
import { expiryTimer } from './expiry.ts';
import type { Seats } from './seats.ts';
import type { SubscriptionSettings } from './settings.ts';
import { type Subscriber, SubscriptionFailed } from './subscriber.ts';

export interface StreamRequest {
  readonly client: Client;
  readonly identity: Identity;
  /** The header that the client was recognized by. */
  readonly authorization: string | undefined;
  readonly address: string;
  /** @throws RequestError when it may not be followed */
  readonly start: () => Promise<Subscriber>;
}

/**
 * Subscriptions as server-sent events, one a request: the "distinct connections mode" of
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 */
export class EventStreams {
  readonly #seats: Seats;
  readonly #settings: SubscriptionSettings;
  readonly #streams = new Set<EventStream>();
  readonly #checks: NodeJS.Timeout;
  #isClosing = false;

  constructor({ seats, settings }: { seats: Seats; settings: SubscriptionSettings }) {
    this.#seats = seats;
    this.#settings = settings;
    this.#checks = setInterval(() => {
      for (const stream of this.#streams) stream.check(this.#settings.stuck);
    }, settings.keepAlive);
    this.#checks.unref();
  }

  /** How many there are. */
  get open(): number {
    return this.#streams.size;
  }

  /**
   * Answers a request with the events, for as long as there are any.
   * @throws RequestError when there are to be none
   */
  async follow(reply: FastifyReply, request: StreamRequest): Promise<FastifyReply> {
    const { client, identity, authorization, address, start } = request;
    const seat = this.#isClosing ? undefined : this.#seats.take(address);
    if (!seat) throw refusal('No more connections are taken right now; try again shortly.', 503, 'SERVICE_UNAVAILABLE');
    try {
      if (!seat.claim(client)) throw refusal('Too many connections are open; close some.', 429, 'RATE_LIMITED');
      const subscriber = await start();
      const credential = new Credential(identity, authorization, client.viewer);
      const stream = new EventStream(reply, { subscriber, credential, expiresAt: client.expiresAt });
      this.#streams.add(stream);
      stream.ended.then(() => {
        this.#streams.delete(stream);
        seat.leave();
      });
      if (this.#isClosing) stream.cut();
      return reply;
    } catch (error) {
      seat.leave();
      throw error;
    }
  }

  /** Ends all that there are, without saying that they are complete: their clients come back, to another router. */
  close(): void {
    this.#isClosing = true;
    clearInterval(this.#checks);
    for (const stream of this.#streams) stream.goAway();
  }
}

const refusal = (message: string, status: number, code: string): RequestError =>
  new RequestError([new GraphQLError(message, { extensions: { code, http: { status } } })]);

const unauthenticated = (problem: string): SubscriptionFailed =>
  new SubscriptionFailed([
    { message: `${problem} Subscribe again with another one.`, extensions: { code: 'UNAUTHENTICATED' } },
  ]);

interface StreamParts {
  readonly subscriber: Subscriber;
  readonly credential: Credential;
  /** In ms since the epoch. */
  readonly expiresAt: number;
}

class EventStream {
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<void>;
  readonly #raw: ServerResponse;
  readonly #subscriber: Subscriber;
  readonly #credential: Credential;
  #waitingSince: number | undefined;

  constructor(reply: FastifyReply, { subscriber, credential, expiresAt }: StreamParts) {
    this.#raw = reply.raw;
    this.#subscriber = subscriber;
    this.#credential = credential;
    const expiry = expiryTimer(expiresAt, () => subscriber.cut(unauthenticated('The credential has expired.')));
    this.ended = new Promise((resolve) => {
      const end = () => {
        expiry.cancel();
        void subscriber.return();
        resolve();
      };
      this.#raw.once('close', end);
      if (this.#raw.destroyed) end();
    });
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) this.#raw.setHeader(name, value);
    // Proxies that gather answers before they pass them on would gather this one for ever.
    this.#raw.writeHead(200, {
      'content-type': eventStreamType,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.#raw.write(':\n\n');
    void this.#send();
  }

  /** Gives a sign of life, and looks whether the client takes what it is sent, and is still who it was. */
  check(stuck: number): void {
    void this.#checkCredential();
    // What has ended may still be on its way; a response that is written to after its end fails.
    if (this.#waitingSince === undefined && !this.#raw.writableEnded) {
      this.#raw.write(':\n\n');
      return;
    }
    this.#waitingSince ??= performance.now();
    if (performance.now() - this.#waitingSince > stuck) this.cut();
  }

  goAway(): void {
    void this.#subscriber.return();
    this.#raw.end();
  }

  cut(): void {
    this.#raw.destroy();
  }

  async #checkCredential(): Promise<void> {
    const problem = await this.#credential.problem();
    if (problem) this.#subscriber.cut(unauthenticated(problem));
  }

  async #send(): Promise<void> {
    const raw = this.#raw;
    try {
      for await (const { answer } of this.#subscriber) await this.#write(streamedEvent('next', JSON.stringify(answer)));
    } catch (error) {
      const errors = error instanceof SubscriptionFailed ? error.errors : [];
      raw.write(streamedEvent('next', JSON.stringify({ errors })));
    }
    if (!raw.writableEnded) raw.end(streamedEvent('complete', ''));
  }

  /** Resolves when the client's network has taken it, so that whoever sends waits for who reads. */
  #write(text: string): Promise<void> | undefined {
    const raw = this.#raw;
    if (raw.destroyed || raw.writableEnded) return undefined;
    if (raw.write(text)) return undefined;
    this.#waitingSince = performance.now();
    return new Promise((resolve) => {
      const go = () => {
        raw.off('drain', go);
        raw.off('close', go);
        this.#waitingSince = undefined;
        resolve();
      };
      raw.once('drain', go);
      raw.once('close', go);
    });
  }
}
