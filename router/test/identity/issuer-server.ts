import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly publicJwk: JWK;
  /** A token of this key, five minutes long unless its claims say more. */
  sign(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
}

export const issuerName = 'https://login.example';
export const audience = 'https://api.example';

export async function issuerKey(kid: string, alg = 'ES256'): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const inFiveMinutes = () => Math.floor(Date.now() / 1000) + 300;
  return {
    kid,
    alg,
    publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    sign: (claims, header) =>
      new SignJWT({ iss: issuerName, aud: audience, sub: 'customer_1', exp: inFiveMinutes(), ...claims })
        .setProtectedHeader({ alg, kid, ...header })
        .sign(privateKey, { crit: Object.fromEntries((header?.crit ?? []).map((name) => [name, true])) }),
  };
}

/** An address with a key set, which can be changed, slow, broken or gone. */
export interface IssuerServer {
  readonly jwksUrl: string;
  keys: readonly IssuerKey[];
  /** What is answered instead of the keys; `silent` is no answer at all. */
  fault: { readonly status: number; readonly body: string } | 'silent' | undefined;
  /** How often it was asked. */
  asked: number;
  close(): Promise<void>;
}

export async function issuerServer(keys: readonly IssuerKey[]): Promise<IssuerServer> {
  const server = createServer((_request, response) => {
    issuer.asked += 1;
    if (issuer.fault === 'silent') return;
    const { status, body } = issuer.fault ?? {
      status: 200,
      body: JSON.stringify({ keys: issuer.keys.map(({ publicJwk }) => publicJwk) }),
    };
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: IssuerServer = {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    keys,
    fault: undefined,
    asked: 0,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
}
