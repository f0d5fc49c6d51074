import type { Client } from '../identity/client.ts';
import { clientKey, isLoopback } from '../limits/rate/client-key.ts';

/** A connection's place among those that the router holds. */
export interface Seat {
  /**
   * Counts it among its client's, once it is known whose it is.
   * @returns false when the client has too many
   */
  claim(client: Pick<Client, 'viewer' | 'credentialId'>): boolean;
  leave(): void;
}

export interface SeatLimits {
  readonly connections: number;
  readonly connectionsPerClient: number;
}

/** Counts the connections that stay, in all and of each client. */
export class Seats {
  readonly #limits: SeatLimits;
  readonly #byClient = new Map<string, number>();
  #taken = 0;

  constructor(limits: SeatLimits) {
    this.#limits = limits;
  }

  /** @returns nothing when there is none left */
  take(address: string): Seat | undefined {
    if (this.#taken >= this.#limits.connections) return undefined;
    this.#taken += 1;
    let claimed: string | undefined;
    let isTaken = true;
    const release = () => {
      if (claimed !== undefined) this.#release(claimed);
      claimed = undefined;
    };
    return {
      claim: (client) => {
        if (!isTaken) return false;
        if (isLoopback(address)) return true;
        const key = clientKey(client, address);
        if (key === claimed) return true;
        const count = this.#byClient.get(key) ?? 0;
        if (count >= this.#limits.connectionsPerClient) return false;
        release();
        claimed = key;
        this.#byClient.set(key, count + 1);
        return true;
      },
      leave: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#taken -= 1;
        release();
      },
    };
  }

  #release(key: string): void {
    const left = (this.#byClient.get(key) ?? 1) - 1;
    if (left > 0) this.#byClient.set(key, left);
    else this.#byClient.delete(key);
  }
}
