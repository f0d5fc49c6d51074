import { join } from 'node:path';
import { loadOrCreateKeys, type PrivateKey, type PublicKey } from '@mercato/auth';
import { createIdentity, type Identity, type IdentityOptions } from './identity.ts';
import { clientKinds, type TrustedIssuer } from './tokens/issuer.ts';

const caller = 'clients';

/** Tokens of a data folder's own key say so: no other issuer's can be mistaken for them. */
const issuer = 'mercato:clients';
const audience = 'mercato';

/** The key pair that signs clients' tokens in a data folder; made at random on first use. */
export function clientKeys(dataDir: string): { privateKey: PrivateKey; publicKey: PublicKey } {
  const { own, trusted } = loadOrCreateKeys(join(dataDir, 'keys'), [caller]);
  const privateKey = own[caller];
  const publicKey = trusted[caller];
  if (!privateKey || !publicKey) throw new Error(`The data folder ${dataDir} gave no key for clients.`);
  return { privateKey, publicKey };
}

/** Believes tokens signed with these keys as those of `npm run token`. */
export const clientTokenIssuer = (publicKeys: readonly PublicKey[]): TrustedIssuer => ({
  issuer,
  audience,
  keys: { publicKeys },
  algorithms: ['EdDSA'],
  kinds: clientKinds,
});

/** Believes the tokens that `npm run token` makes with the data folder's own key: for one machine. */
export const developmentIdentity = (dataDir: string, options: IdentityOptions = {}): Identity =>
  createIdentity([clientTokenIssuer([clientKeys(dataDir).publicKey])], options);

/** What tokens of the data folder's key carry. */
export const clientTokenClaims = { issuer, audience };
