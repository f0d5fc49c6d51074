import type { SubgraphAnswer } from '@mercato/subgraph-client';
import type { FormattedExecutionResult } from 'graphql';
import type { EventIdentity } from './event-identity.ts';
import { mostWaiting, Subscriber, SubscriptionEvent, SubscriptionFailed } from './subscriber.ts';

export interface SubscriptionSource {
  /** The subgraph's answers, one an event. */
  readonly answers: AsyncIterable<SubgraphAnswer>;
  readonly identityOf: EventIdentity | undefined;
  /** Whether who comes later is told what was told last. */
  readonly remembers: boolean;
  /** Makes an event of an answer; fails when the subscription is over with it. */
  complete(answer: SubgraphAnswer): Promise<FormattedExecutionResult>;
  /** What clients are told of a failure that ended the answers, or came of one. */
  failureOf(error: unknown): SubscriptionFailed;
  /** Nobody follows any more. */
  abandoned(): void;
}

/** Events without a name that wait at most: they replace nothing, so that the subgraph has to wait. */
const mostNameless = 4;
/** Clients that are told of an event in one go; then others have their turn. */
const atOnce = 250;

/**
 * One subscription to a subgraph, and all who follow it. Each event is completed once, when somebody would be sent it at
 * once; while it is, or while nobody would, the newest of each entity waits.
 */
export class Subscription {
  readonly #source: SubscriptionSource;
  readonly #subscribers = new Set<Subscriber>();
  readonly #waiting = new Map<string, SubgraphAnswer>();
  readonly #told = new Map<string, SubscriptionEvent>();
  #nameless = 0;
  #completing = false;
  #ending: { failure: SubscriptionFailed | undefined } | undefined;
  #roomy: (() => void) | undefined;
  #state: 'new' | 'open' | 'over' = 'new';

  constructor(source: SubscriptionSource) {
    this.#source = source;
  }

  /** Whether one who comes now is told all that those were who came before. */
  get isOpen(): boolean {
    return this.#state !== 'over' && !this.#ending && this.#told.size < mostWaiting;
  }

  /** @param left called once, when it is over for this one */
  join(left: (subscriber: Subscriber) => void): Subscriber {
    const subscriber = new Subscriber(
      () => this.#turn(),
      (who) => {
        this.#leave(who);
        left(who);
      },
    );
    for (const [name, event] of this.#told) subscriber.push(name, event);
    this.#subscribers.add(subscriber);
    if (this.#state === 'new') {
      this.#state = 'open';
      void this.#read();
    }
    return subscriber;
  }

  async #read(): Promise<void> {
    try {
      for await (const answer of this.#source.answers) {
        this.#take(answer);
        if (this.#isFull()) {
          await new Promise<void>((resolve) => {
            this.#roomy = resolve;
          });
        }
        if (this.#state === 'over') return;
      }
      this.#ending = { failure: undefined };
    } catch (error) {
      this.#ending = { failure: this.#source.failureOf(error) };
    }
    this.#turn();
  }

  #take(answer: SubgraphAnswer): void {
    const name = answer.data ? this.#source.identityOf?.(answer.data) : undefined;
    if (name === undefined) this.#nameless += 1;
    // Those without a name are numbered: no entity's name is a number.
    this.#waiting.set(name ?? String(this.#nameless), answer);
    this.#turn();
  }

  #isFull(): boolean {
    return this.#waiting.size >= (this.#source.identityOf ? mostWaiting : mostNameless);
  }

  #turn(): void {
    if (this.#completing || this.#state !== 'open') return;
    const [next] = this.#waiting;
    if (!next) {
      if (this.#ending) this.#end(this.#ending.failure);
      return;
    }
    if (!this.#isAnyoneHungry()) return;
    this.#completing = true;
    const [name, answer] = next;
    this.#waiting.delete(name);
    if (!this.#isFull()) this.#makeRoom();
    this.#tell(name, answer).then(
      () => {
        this.#completing = false;
        this.#turn();
      },
      (error: unknown) => this.#end(this.#source.failureOf(error)),
    );
  }

  async #tell(name: string, answer: SubgraphAnswer): Promise<void> {
    const event = new SubscriptionEvent(await this.#source.complete(answer));
    if (this.#source.remembers) this.#told.set(name, event);
    let told = 0;
    for (const subscriber of this.#subscribers) {
      if (!subscriber.push(name, event)) subscriber.cut(tooSlow());
      told += 1;
      if (told % atOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #isAnyoneHungry(): boolean {
    for (const subscriber of this.#subscribers) if (subscriber.isHungry) return true;
    return false;
  }

  #leave(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#close();
  }

  #end(failure: SubscriptionFailed | undefined): void {
    this.#close();
    for (const subscriber of [...this.#subscribers]) subscriber.end(failure);
  }

  #close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#waiting.clear();
    this.#told.clear();
    this.#source.abandoned();
    this.#makeRoom();
  }

  #makeRoom(): void {
    this.#roomy?.();
    this.#roomy = undefined;
  }
}

const tooSlow = (): SubscriptionFailed =>
  new SubscriptionFailed([
    {
      message: 'Events come faster than they are taken; subscribe again.',
      extensions: { code: 'SERVICE_UNAVAILABLE' },
    },
  ]);
