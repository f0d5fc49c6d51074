import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { OrderTokenKeys } from '../order/access-token.ts';

/**
 * Keeps a card's token readable for the worker that takes over from a dead process, and for nobody who reads the
 * database: AES-256-GCM, bound to its order. It is thrown away once the order is certain.
 */
export class TokenSeal {
  readonly #keys: OrderTokenKeys;
  readonly #current: string;

  constructor(keys: OrderTokenKeys, currentVersion: string) {
    this.#keys = keys;
    this.#current = currentVersion;
  }

  seal(token: string, orderId: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(this.#current), iv).setAAD(Buffer.from(orderId));
    const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
    return [this.#current, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
  }

  /** @throws Error when it was not sealed for this order with a key that is configured. */
  open(sealed: string, orderId: string): string {
    const [version = '', iv = '', tag = '', text = ''] = sealed.split('.');
    const bytes = (part: string) => Buffer.from(part, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(version), bytes(iv))
      .setAAD(Buffer.from(orderId))
      .setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(text)), decipher.final()]).toString('utf8');
  }

  #keyOf(version: string): Buffer {
    const secret = this.#keys[version];
    if (secret === undefined) throw new Error(`The key of version ${version} is not configured.`);
    return Buffer.from(hkdfSync('sha256', secret, '', 'mercato payment token', 32));
  }
}
