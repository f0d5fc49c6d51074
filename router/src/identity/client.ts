import { guest, type Viewer } from '@mercato/auth';

/** Who asks, and by which credential. */
export interface Client {
  readonly viewer: Viewer;
  /**
   * Names the credential and never changes with it, for rate limits and logs: `key_…` of an API key, issuer and subject
   * of a token. Undefined for a guest, who has none.
   */
  readonly credentialId: string | undefined;
  /** When the credential ceases to hold, in ms since the epoch; Infinity when it says of no end. */
  readonly expiresAt: number;
}

export const guestClient: Client = { viewer: guest, credentialId: undefined, expiresAt: Number.POSITIVE_INFINITY };

/** What was found out of a credential, kept so that the next request need not. */
export interface Belief {
  readonly client: Client;
  /** When it has to be looked at again, in ms since the epoch; 0 once it was taken back. */
  until: number;
  /** When it was last presented, in ms since the epoch. */
  usedAt: number;
}

/** Scopes of services open what is hidden from every client: no credential of a client's may hold one. */
export const withoutServices = (scopes: readonly string[]): string[] =>
  scopes.filter((scope) => scope !== '' && !scope.startsWith('service:'));
