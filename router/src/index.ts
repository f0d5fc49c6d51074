export { type ApiKeys, openApiKeys } from './identity/api-keys/api-keys.ts';
export type { Client } from './identity/client.ts';
export { clientTokenIssuer, developmentIdentity } from './identity/development.ts';
export { createIdentity, type Identity } from './identity/identity.ts';
export type { TrustedIssuer } from './identity/tokens/issuer.ts';
export type { RequestLimits, RouterOptions, Timeouts } from './options.ts';
export { createRouter, type Router } from './router.ts';
export { readyByHealth, readyByQuery } from './subgraphs/readiness.ts';
export { issueToken, type TokenRequest } from './token.ts';
