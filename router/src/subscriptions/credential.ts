import type { Viewer } from '@mercato/auth';
import { GraphQLError } from 'graphql';
import type { Identity } from '../identity/identity.ts';

/** What a connection was begun with, looked at again for as long as the connection stays. */
export class Credential {
  readonly #identity: Identity;
  readonly #authorization: string | undefined;
  readonly #viewer: Viewer;

  /** @param viewer whom it was recognized as */
  constructor(identity: Identity, authorization: string | undefined, viewer: Viewer) {
    this.#identity = identity;
    this.#authorization = authorization;
    this.#viewer = viewer;
  }

  /** Why it does not open any more what it did, as a sentence; what cannot be checked now is believed until it can. */
  async problem(): Promise<string | undefined> {
    if (this.#authorization === undefined) return undefined;
    try {
      const { viewer } = await this.#identity.recognize(this.#authorization);
      const { kind, id, scopes } = this.#viewer;
      const isSame = viewer.kind === kind && viewer.id === id && `${viewer.scopes}` === `${scopes}`;
      return isSame ? undefined : 'What the credential opens has changed.';
    } catch (error) {
      return isUnauthenticated(error) ? 'The credential does not hold any more.' : undefined;
    }
  }
}

export const isUnauthenticated = (error: unknown): error is GraphQLError =>
  error instanceof GraphQLError && error.extensions.code === 'UNAUTHENTICATED';
