import { type Client, guestClient } from '../identity/client.ts';
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

/**
 * Counts the connections that stay, in all and of each client. Those that have not said who they are count for their
 * network, apart from its guests: a network cannot take all seats by saying nothing, and known clients find room beside
 * its guests.
 */
export class Seats {
  readonly #limits: SeatLimits;
  readonly #byClient = new Map<string, number>();
  #taken = 0;

  constructor(limits: SeatLimits) {
    this.#limits = limits;
  }

  /** @returns nothing when there is none left, in all or for those of the network who have not said who they are */
  take(address: string): Seat | undefined {
    if (this.#taken >= this.#limits.connections) return undefined;
    const isCounted = !isLoopback(address);
    let claimed: string | undefined;
    const claim = (key: string): boolean => {
      if (!isCounted || key === claimed) return true;
      if (!this.#hold(key)) return false;
      if (claimed !== undefined) this.#release(claimed);
      claimed = key;
      return true;
    };
    if (!claim(`unknown ${clientKey(guestClient, address)}`)) return undefined;
    this.#taken += 1;
    let isTaken = true;
    return {
      claim: (client) => isTaken && claim(clientKey(client, address)),
      leave: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#taken -= 1;
        if (claimed !== undefined) this.#release(claimed);
      },
    };
  }

  #hold(key: string): boolean {
    const count = this.#byClient.get(key) ?? 0;
    if (count >= this.#limits.connectionsPerClient) return false;
    this.#byClient.set(key, count + 1);
    return true;
  }

  #release(key: string): void {
    const left = (this.#byClient.get(key) ?? 1) - 1;
    if (left > 0) this.#byClient.set(key, left);
    else this.#byClient.delete(key);
  }
}
