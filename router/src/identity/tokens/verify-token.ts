import { constants, KeyObject, verify } from 'node:crypto';
import { isCryptoKey } from 'node:util/types';
import {
  decodeProtectedHeader,
  errors,
  type JWTClaimVerificationOptions,
  type JWTVerifyGetKey,
  UnsecuredJWT,
} from 'jose';
import { type SignatureAlgorithm, signatureAlgorithms } from './issuer.ts';

export interface Wanted extends JWTClaimVerificationOptions {
  readonly algorithms: readonly SignatureAlgorithm[];
}

/**
 * The claims of a JSON Web Token whose signature holds. Keys are chosen and claims are checked by jose; the signature itself is
 * checked here and now, for half of the CPU that WebCrypto's way through another thread costs.
 * @throws JOSEError
 */
export async function verifyToken(token: string, keys: JWTVerifyGetKey, { algorithms, ...claims }: Wanted) {
  const [head = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || !base64url.test(signature)) throw new errors.JWSInvalid();
  const { alg, crit, ...rest } = headerOf(token);
  const algorithm = signatureAlgorithms.find((known) => known === alg);
  if (!algorithm || !algorithms.includes(algorithm)) throw new errors.JOSEAlgNotAllowed();
  // What has to be understood is not.
  if (crit !== undefined) throw new errors.JWSInvalid();
  const key = keyObjectOf(await keys({ ...rest, alg: algorithm }, { protected: head, payload, signature }));
  checkSignature(algorithm, key, `${head}.${payload}`, signature);
  return UnsecuredJWT.decode(`${unsecured}.${payload}.`, claims).payload;
}

const base64url = /^[\w-]+$/;

function headerOf(token: string) {
  try {
    return decodeProtectedHeader(token);
  } catch (cause) {
    throw new errors.JWSInvalid(undefined, { cause });
  }
}

function checkSignature(algorithm: SignatureAlgorithm, key: KeyObject, text: string, signature: string): void {
  let cause: unknown;
  try {
    if (holds(algorithm, key, Buffer.from(text), Buffer.from(signature, 'base64url'))) return;
  } catch (error) {
    // Not even of a form that can be checked.
    cause = error;
  }
  throw new errors.JWSSignatureVerificationFailed(undefined, { cause });
}

/** RFC 7518 wants no less of RSA. */
const leastModulus = 2_048;

const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

/** `key` is of the algorithm: it was chosen for it. */
function holds(algorithm: SignatureAlgorithm, key: KeyObject, data: Buffer, signature: Buffer): boolean {
  const digest = `sha${algorithm.slice(2)}`;
  switch (algorithm) {
    case 'EdDSA':
    case 'Ed25519':
      return verify(null, data, key, signature);
    case 'ES256':
    case 'ES384':
    case 'ES512':
      return verify(digest, data, { key, dsaEncoding: 'ieee-p1363' }, signature);
    default:
      if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < leastModulus) return false;
      return verify(digest, data, algorithm.startsWith('PS') ? { key, ...pss } : key, signature);
  }
}

const keyObjects = new WeakMap<object, KeyObject>();

function keyObjectOf(key: Awaited<ReturnType<JWTVerifyGetKey>>): KeyObject {
  if (!isCryptoKey(key)) throw new TypeError('A key set gives keys of WebCrypto.');
  let known = keyObjects.get(key);
  if (!known) {
    known = KeyObject.from(key);
    keyObjects.set(key, known);
  }
  return known;
}

const unsecured = Buffer.from('{"alg":"none"}').toString('base64url');
