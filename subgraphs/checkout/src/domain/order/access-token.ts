import { createHmac, timingSafeEqual } from 'node:crypto';

/** Secrets by version. The last version makes new tokens; older ones stay, so that tokens given out still open. */
export type OrderTokenKeys = Readonly<Record<string, string>>;

/**
 * Access tokens of orders: an HMAC over key version and order id, so that a repeated call can give the same token again
 * without it being kept anywhere.
 */
export class OrderTokens {
  readonly #keys: ReadonlyMap<string, string>;
  /** The version that new orders are given. */
  readonly currentVersion: string;

  /** @throws Error when there is no key, one is short, or a version is no word. */
  constructor(keys: OrderTokenKeys) {
    const versions = Object.keys(keys).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    const current = versions.at(-1);
    if (current === undefined) throw new Error('Order tokens need a key: set one by its version, such as {"1": "…"}.');
    for (const version of versions) {
      if (!/^\w{1,20}$/.test(version))
        throw new Error(`The version ${version} of an order token key is no plain word.`);
      if ((keys[version] ?? '').length < 32) {
        throw new Error(`The order token key of version ${version} is too short: it wants 32 signs or more.`);
      }
    }
    this.#keys = new Map(Object.entries(keys));
    this.currentVersion = current;
  }

  /** The token of an order. @throws Error when the key it was first made with is gone. */
  issue({ id, tokenVersion }: { readonly id: string; readonly tokenVersion: string }): string {
    const token = this.#token(tokenVersion, id);
    if (token === null) throw new Error(`The order token key of version ${tokenVersion} is not configured.`);
    return token;
  }

  /** Whether the token opens the order, told in the same time whatever it is. */
  opens(orderId: string, token: string): boolean {
    const [version = ''] = token.split('.', 1);
    const expected = this.#token(version, orderId);
    if (expected === null) return false;
    const given = Buffer.from(token);
    const right = Buffer.from(expected);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #token(version: string, orderId: string): string | null {
    const key = this.#keys.get(version);
    if (key === undefined) return null;
    return `${version}.${createHmac('sha256', key).update(`order-access:${version}:${orderId}`).digest('base64url')}`;
  }
}
