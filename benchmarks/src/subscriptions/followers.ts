import { WebSocket } from 'undici';
import { z } from 'zod';
import { subscription } from './supergraph.ts';

const message = z.object({
  type: z.string(),
  payload: z.object({ data: z.object({ ticked: z.object({ number: z.number() }) }) }).optional(),
});

/** Clients that follow the clock, each over a WebSocket of its own. */
export class Followers {
  readonly #url: string;
  readonly #sockets: WebSocket[] = [];
  readonly #seen: number[] = [];
  #waiting: { number: number; left: number; resolve: () => void } | undefined;

  constructor(routerUrl: string) {
    this.#url = new URL('/graphql', routerUrl).href.replace('http', 'ws');
  }

  get count(): number {
    return this.#sockets.length;
  }

  /** @param tokenOf of each client; guests without */
  async open(count: number, tokenOf?: (index: number) => string): Promise<void> {
    const atOnce = 50;
    for (let first = 0; first < count; first += atOnce) {
      const indexes = Array.from({ length: Math.min(atOnce, count - first) }, (_, index) => first + index);
      await Promise.all(indexes.map((index) => this.#open(tokenOf?.(index))));
    }
  }

  /** Resolves when all have seen this number, or a later one. */
  all(number: number): Promise<void> {
    return new Promise((resolve) => {
      const left = this.#seen.filter((seen) => seen < number).length;
      this.#waiting = { number, left, resolve };
      this.#look();
    });
  }

  async close(): Promise<void> {
    await Promise.all(
      this.#sockets.splice(0).map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.addEventListener('close', () => resolve());
            socket.close();
          }),
      ),
    );
    this.#seen.length = 0;
  }

  #open(token: string | undefined): Promise<void> {
    const socket = new WebSocket(this.#url, 'graphql-transport-ws');
    const place = this.#sockets.push(socket) - 1;
    this.#seen[place] = -1;
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => {
        const payload = token === undefined ? undefined : { authorization: token };
        socket.send(JSON.stringify({ type: 'connection_init', payload }));
        const asked = { query: subscription, variables: { id: 'clock' } };
        socket.addEventListener('message', ({ data }) => {
          const { type, payload: told } = message.parse(JSON.parse(String(data)));
          if (type === 'connection_ack') socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: asked }));
          if (!told) return;
          this.#saw(place, told.data.ticked.number);
          resolve();
        });
      });
      socket.addEventListener('error', () => reject(new Error('A WebSocket could not be opened.')));
    });
  }

  #saw(place: number, number: number): void {
    const before = this.#seen[place] ?? -1;
    this.#seen[place] = number;
    const waiting = this.#waiting;
    if (!waiting || before >= waiting.number || number < waiting.number) return;
    waiting.left -= 1;
    this.#look();
  }

  #look(): void {
    const waiting = this.#waiting;
    if (!waiting || waiting.left > 0) return;
    this.#waiting = undefined;
    waiting.resolve();
  }
}
